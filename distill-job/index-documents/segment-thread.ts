/** A thread that makes segments. */
import { answerQuestions } from "../threads/questions.ts";
import { makeSegment } from "./segment-work.ts";

answerQuestions(makeSegment);

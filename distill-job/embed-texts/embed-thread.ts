/** A thread that embeds. */
import { answerQuestions } from "../threads/questions.ts";
import { answerEmbedQuestion } from "./embed-work.ts";

answerQuestions(answerEmbedQuestion);

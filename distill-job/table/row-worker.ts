/** A thread that answers questions about blocks of rows. */
import { answerQuestions } from "../threads/questions.ts";
import { answerAboutRows } from "./row-work.ts";

answerQuestions(answerAboutRows);

/** Bodies of Cohere's `POST /v2/embed`. */
import { z } from "zod";
import { maxInputsPerRequest, maxTokenIdsPerInput } from "../../limits.ts";
import { atMost } from "../at-most.ts";
import { textList } from "../embedding-input.ts";
import { expected, expectedAt } from "../expected.ts";
import { choice, dimensionsField, modelField, refused, wholeNumber } from "../request-fields.ts";

export const cohereTypes = ["float", "int8", "uint8", "binary", "ubinary", "base64"] as const;
export type CohereType = (typeof cohereTypes)[number];

/** Each of them twice. */
const maxTypes = 2 * cohereTypes.length;
const typeList = cohereTypes.map((type) => `"${type}"`).join(", ");

const noImages = "a static model has vectors for words and nothing else.";

const contentSchema = z.object(
  {
    type: z.string({ error: expectedAt('"text"') }).superRefine((type, context) => {
      if (type === "text") return;
      const message = `Expected content of type "text", got "${type.slice(0, 40)}": ${noImages}`;
      context.addIssue({ code: "custom", message, params: { code: "not_supported" } });
    }),
    text: z.string({ error: expectedAt("a string") }).optional(),
  },
  { error: expectedAt('{"type": "text", "text": …}') },
);

/** The texts of an input count as one, a space between them. */
const inputSchema = z
  .object(
    {
      content: atMost(
        maxInputsPerRequest,
        `Expected content to have at most ${maxInputsPerRequest} parts.`,
        z.array(contentSchema, { error: expectedAt("an array") }),
      ),
    },
    { error: expectedAt("an object with content") },
  )
  .transform(({ content }) => content.map(({ text }) => text ?? "").join(" "));

export const cohereEmbedRequestSchema = z
  .object({
    model: modelField,
    texts: textList("texts", "The texts; or give inputs.").optional(),
    inputs: atMost(
      maxInputsPerRequest,
      `Expected inputs to be at most ${maxInputsPerRequest} inputs (send the rest in another request).`,
      z.array(inputSchema, { error: expected("inputs to be an array") }),
      "too_many_inputs",
    )
      .transform((texts): readonly string[] => texts)
      .pipe(textList("inputs", "Inputs with text."))
      .optional(),
    images: refused("images", noImages),
    input_type: z
      .string({ error: expected("input_type to be a string") })
      .nullish()
      .describe("Makes no difference: queries and documents are embedded alike."),
    embedding_types: atMost(
      maxTypes,
      `Expected embedding_types to have at most ${maxTypes} elements of ${typeList}.`,
      z
        .array(z.enum(cohereTypes, { error: expected(`embedding_types to be among ${typeList}`) }), {
          error: expected(`embedding_types to be a list of ${typeList}`),
        })
        .nullish(),
    ).describe("The forms in which to return each vector; `float` if not given."),
    output_dimension: dimensionsField("output_dimension"),
    max_tokens: wholeNumber("max_tokens", 1, maxTokenIdsPerInput).describe(
      "Tokens to pool of each text; the model's maximum if not given.",
    ),
    truncate: choice(
      "truncate",
      ["NONE", "START", "END"],
      "The end of a text that is cut off if it is too long; NONE refuses it. END if not given.",
    ),
  })
  .superRefine(({ texts, inputs }, context) => {
    if ((texts === undefined) !== (inputs === undefined)) return;
    context.addIssue({ code: "custom", path: ["texts"], message: "Expected one of texts and inputs." });
  });

const rows = z.array(z.array(z.number())).optional();

export const cohereEmbedResponseSchema = z.object({
  id: z.string(),
  embeddings: z.object({
    float: rows,
    int8: rows,
    uint8: rows,
    binary: rows,
    ubinary: rows,
    base64: z.array(z.base64()).optional(),
  }),
  texts: z.array(z.string()).optional(),
  meta: z.object({
    api_version: z.object({ version: z.literal("2") }),
    billed_units: z.object({ input_tokens: z.int() }),
  }),
  response_type: z.literal("embeddings_by_type"),
});

export type CohereEmbedRequest = z.infer<typeof cohereEmbedRequestSchema>;

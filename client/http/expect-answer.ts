/** Checks of answers, as far as what is done with them needs. */

/**
 * A field of an answer that others can be believed by.
 *
 * @throws Error saying what it is instead
 */
export function expectField<Answer, Key extends keyof Answer & string>(
  answer: Answer,
  key: Key,
  isRight: (value: unknown) => boolean,
): Answer[Key] {
  const value = (answer as Answer | null)?.[key];
  if (!isRight(value)) throw new Error(`its field ${key} is ${JSON.stringify(value)?.slice(0, 100)}.`);
  return value as Answer[Key];
}

/** A list with as many elements as were asked for, if that is known. */
export function expectList<Answer, Key extends keyof Answer & string>(
  answer: Answer,
  key: Key,
  length?: number,
): Answer[Key] {
  const list = expectField(answer, key, Array.isArray) as Answer[Key] & { length: number };
  if (length !== undefined && list.length !== length) {
    throw new Error(`its field ${key} has ${list.length} elements, expected ${length}.`);
  }
  return list;
}

/** An answer that says of itself what it is. */
export function expectObject<Answer extends { readonly object: string }>(
  answer: unknown,
  object: Answer["object"],
): Answer {
  expectField(answer as Answer, "object", (value) => value === object);
  return answer as Answer;
}

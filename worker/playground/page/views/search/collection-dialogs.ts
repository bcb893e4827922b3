/** Dialogs that make a collection, add documents to one, and delete one. */
import type { WriteAnswer } from "../../../../../shared/api/collections/document-answer.ts";
import { type FieldType, fieldTypes } from "../../../../../shared/search/collection/collection-settings.ts";
import { pathOf } from "../../api/collections.ts";
import { element, replace } from "../../dom/element.ts";
import { icon } from "../../dom/icon.ts";
import type { Page } from "../../frame/page.ts";
import { dialog } from "../../parts/dialog.ts";
import { FailureNotice } from "../../parts/failure-notice.ts";
import { ChoiceField, field } from "../../parts/field.ts";
import { ModelFields } from "../../parts/model-fields.ts";
import type { Fields } from "./filter-rows.ts";
import { readNewDocuments } from "./new-documents.ts";

/** @param done Told the name once it is made. */
export function newCollectionDialog(page: Page, done: (name: string) => void): HTMLDialogElement {
  const notice = new FailureNotice(page);
  const name = element("input", {
    required: true,
    maxlength: 64,
    pattern: "[A-Za-z0-9][A-Za-z0-9._\\-]*",
    autocomplete: "off",
    placeholder: "notes",
  });
  const models = new ModelFields(page.models, true, () => {});
  const list = element("ul", { class: "filters" });
  const rows: { readonly name: HTMLInputElement; readonly type: ChoiceField }[] = [];
  const addRow = (): HTMLElement => {
    const row = {
      name: element("input", {
        placeholder: "year",
        maxlength: 64,
        autocomplete: "off",
        "aria-label": `Name of field ${rows.length + 1}`,
      }),
      type: new ChoiceField(() => {}),
    };
    row.type.select.setAttribute("aria-label", `Type of field ${rows.length + 1}`);
    row.type.offer(fieldTypes.map((type) => ({ value: type, label: type })));
    rows.push(row);
    list.append(element("li", {}, row.name, row.type.select));
    return row.name;
  };
  return formDialog(
    "New collection",
    "Make it",
    async (made) => {
      const fields: Record<string, FieldType> = {};
      for (const { name, type } of rows) if (name.value !== "") fields[name.value] = type.value as FieldType;
      await page.collections.make({ name: name.value, ...models.body, ...{ fields } });
      made.close();
      done(name.value);
    },
    notice,
    field("Name", name),
    models.element,
    element(
      "fieldset",
      {},
      element("legend", {}, "Metadata fields that filters may name"),
      list,
      element(
        "button",
        { type: "button", class: "quiet small", onclick: () => addRow().focus() },
        icon("add"),
        "Field",
      ),
    ),
  );
}

/** @param done Told how many were written. */
export function addDocumentsDialog(
  page: Page,
  collection: string,
  fields: Fields,
  done: (written: number) => void,
): HTMLDialogElement {
  const notice = new FailureNotice(page);
  const texts = element("textarea", {
    rows: 6,
    required: true,
    spellcheck: "false",
    placeholder:
      'A text a line, or a JSON object a line:\n{"id": "1", "text": "A horse in the rain.", "metadata": {}}',
  });
  const inputs = Object.entries(fields).map(([name, type]) => ({
    name,
    type,
    input: element("input", { placeholder: type, autocomplete: "off" }),
  }));
  return formDialog(
    `Add documents to ${collection}`,
    "Add them",
    async (made) => {
      const metadata = Object.fromEntries(inputs.map(({ name, input }) => [name, input.value]));
      const documents = readNewDocuments(texts.value, metadata, fields, Date.now());
      const { body } = await page.api.json<WriteAnswer>({
        path: pathOf(collection, "/documents"),
        body: { documents },
      });
      const failed = body.data.find(({ error }) => error !== undefined);
      if (failed?.error !== undefined) {
        throw new Error(`${body.failed} of ${documents.length} were not written. ${failed.error.message}`);
      }
      made.close();
      done(body.created + body.updated + body.unchanged);
    },
    notice,
    field("Documents", texts),
    inputs.length > 0 &&
      element(
        "fieldset",
        {},
        element("legend", {}, "Metadata for those that bring none"),
        element("div", { class: "fields" }, ...inputs.map(({ name, input }) => field(name, input))),
      ),
  );
}

export function deleteCollectionDialog(page: Page, collection: string, done: () => void): HTMLDialogElement {
  const notice = new FailureNotice(page);
  return formDialog(
    `Delete ${collection}?`,
    "Delete it",
    async (made) => {
      await page.collections.delete(collection);
      made.close();
      done();
    },
    notice,
    element("p", {}, "All its documents go with it. There is no way back."),
  );
}

function formDialog(
  title: string,
  label: string,
  submit: (made: HTMLDialogElement) => Promise<void>,
  notice: FailureNotice,
  ...children: readonly (HTMLElement | false)[]
): HTMLDialogElement {
  const button = element("button", { type: "submit", class: "primary" }, label);
  const made = dialog(
    title,
    element(
      "form",
      {
        class: "stack",
        onsubmit: async (event: Event) => {
          event.preventDefault();
          notice.clear();
          button.disabled = true;
          replace(button, "One moment…");
          try {
            await submit(made);
          } catch (error) {
            notice.show(error);
          } finally {
            button.disabled = false;
            replace(button, label);
          }
        },
      },
      ...children,
      notice.element,
      element(
        "div",
        { class: "row" },
        button,
        element("button", { type: "button", onclick: () => made.close() }, "Cancel"),
      ),
    ),
  );
  return made;
}

/** The playground: its frame, and one view at a time beneath it. */
import { Collections } from "./api/collections.ts";
import { KeyStore } from "./api/key-store.ts";
import { Models } from "./api/models.ts";
import { WorkerApi } from "./api/worker-api.ts";
import { Announcer } from "./dom/announcer.ts";
import { element, replace } from "./dom/element.ts";
import { printAddress, readAddress } from "./frame/address.ts";
import { frame } from "./frame/frame.ts";
import { helpDialog } from "./frame/help-dialog.ts";
import { keyDialog } from "./frame/key-dialog.ts";
import type { Page, ShowCode, View } from "./frame/page.ts";
import { listenForShortcuts, type Shortcut } from "./frame/shortcuts.ts";
import { applyTheme } from "./frame/theme.ts";
import { CodePanel } from "./parts/code-panel.ts";
import { openDialog } from "./parts/dialog.ts";
import { compareView } from "./views/compare/compare-view.ts";

type MakeView = (page: Page, showCode: ShowCode) => View;

const otherViews = () => import("./views/other-views.ts");

/** The first is what one sees first; the others come when one of them is asked for. */
const views: Readonly<Record<string, { title: string; make: () => MakeView | Promise<MakeView> }>> = {
  compare: { title: "Compare", make: () => compareView },
  tokens: { title: "Tokens", make: async () => (await otherViews()).tokensView },
  search: { title: "Search", make: async () => (await otherViews()).searchView },
  map: { title: "Map", make: async () => (await otherViews()).mapView },
  statistics: { title: "Statistics", make: async () => (await otherViews()).statisticsView },
};

applyTheme();
// This script is in the folder `playground` of the app.
const base = new URL("..", import.meta.url).href.replace(/\/$/, "");
const keys = new KeyStore();
const api = new WorkerApi(base, keys);
const models = new Models(api);
const collections = new Collections(api);
const announcer = new Announcer();
const panel = new CodePanel();
const made = new Map<string, View>();
let shown: { readonly name: string; readonly view: View } | undefined;

const page: Page = {
  api,
  models,
  collections,
  keepAddress(parameters) {
    if (shown !== undefined) history.replaceState(null, "", printAddress({ view: shown.name, parameters }));
  },
  go(view, parameters) {
    location.hash = printAddress({ view, parameters });
  },
  say: (text) => announcer.say(text),
  askForKey: () => openDialog(keyDialog(keys)),
  codeTarget: () => ({ base, keyed: keys.key !== "" }),
};

const shortcuts: Shortcut[] = [
  ...Object.entries(views).map(([name, { title }], i) => ({
    key: String(i + 1),
    label: title,
    run: () => {
      location.hash = name;
    },
  })),
  { key: "/", label: "type", run: () => shown?.view.focus() },
  { key: "c", label: "copy the code", run: () => panel.copy() },
  { key: "t", label: "light, dark, as the system", run: () => parts.switchTheme() },
  { key: "k", label: "key for this worker", run: () => page.askForKey() },
  { key: "?", label: "this help", run: () => openDialog(helpDialog(shortcuts)) },
];

const parts = frame({
  base,
  views: Object.entries(views).map(([name, { title }]) => ({ name, title })),
  models,
  keys,
  askForKey: page.askForKey,
  help: () => openDialog(helpDialog(shortcuts)),
});
document.body.append(parts.header, parts.main, parts.footer, announcer.element);
listenForShortcuts(shortcuts);
addEventListener("hashchange", () => void show());
keys.onChange(() => {
  void loadModels();
  void show();
});
void loadModels();
void show();

/** Shows the view that the address names. */
async function show(): Promise<void> {
  const { view: named, parameters } = readAddress(location.hash);
  const name = Object.hasOwn(views, named) ? named : "compare";
  const view = made.get(name) ?? (await make(name));
  // Meanwhile another one was asked for.
  if (view === undefined || readAddress(location.hash).view !== named) return;
  if (shown !== undefined && shown.view !== view) shown.view.close();
  const isNew = shown?.view !== view;
  shown = { name, view };
  const { title } = views[name]!;
  document.title = `${title} · nearvec`;
  parts.mark(name);
  if (isNew) {
    panel.show(null);
    replace(parts.main, element("h1", { class: "unseen" }, title), view.element, panel.element);
  }
  view.open(parameters);
}

async function make(name: string): Promise<View | undefined> {
  try {
    const makeView = await views[name]!.make();
    const view =
      made.get(name) ??
      makeView(page, (sample) => {
        if (shown?.name === name) panel.show(sample);
      });
    made.set(name, view);
    return view;
  } catch (error) {
    // Another version of the worker has been deployed, and its files have other names.
    replace(
      parts.main,
      element(
        "div",
        { class: "notice", role: "alert" },
        element("strong", {}, "This view could not be loaded"),
        element("p", {}, `${(error as Error).message} Load the page again.`),
      ),
    );
    return undefined;
  }
}

async function loadModels(): Promise<void> {
  try {
    await models.load();
  } catch (error) {
    parts.failed(error);
  }
}

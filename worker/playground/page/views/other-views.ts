/** The views that come when one of them is asked for, in one file: the first screen does without it. */
export { mapView } from "./map/map-view.ts";
export { searchView } from "./search/search-view.ts";
export { statisticsView } from "./statistics/statistics-view.ts";
export { tokensView } from "./tokens/tokens-view.ts";

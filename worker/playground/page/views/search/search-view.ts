import { element } from '../../dom/element.ts'; export function searchView(): any { return { element: element('p', {}, 'todo'), open() {}, close() {}, focus() {} }; }

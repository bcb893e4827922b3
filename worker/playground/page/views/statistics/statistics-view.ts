import { element } from '../../dom/element.ts'; export function statisticsView(): any { return { element: element('p', {}, 'todo'), open() {}, close() {}, focus() {} }; }

import { element } from '../../dom/element.ts'; export function tokensView(): any { return { element: element('p', {}, 'todo'), open() {}, close() {}, focus() {} }; }

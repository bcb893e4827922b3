import { element } from '../../dom/element.ts'; export function mapView(): any { return { element: element('p', {}, 'todo'), open() {}, close() {}, focus() {} }; }

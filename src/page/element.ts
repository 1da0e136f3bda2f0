/**
 * Builds elements from attributes and text only, so no input can become markup.
 * @module
 */

export type Child = Node | string | number | null | undefined | false

/**
 * Attributes by name: `on…` adds a listener, `class` and `data-…` are as in HTML, true gives an
 * empty attribute, null and false give none.
 */
export type Attributes = Readonly<
  Record<string, string | number | boolean | null | undefined | ((event: never) => void)>
>

function setAttributes(element: Element, attributes: Attributes): void {
  for (const [name, value] of Object.entries(attributes)) {
    // the browser pairs the event type with its name
    if (typeof value === 'function') element.addEventListener(name.slice(2), value as unknown as EventListener)
    else if (value === true) element.setAttribute(name, '')
    else if (value !== null && value !== undefined && value !== false) element.setAttribute(name, String(value))
  }
}

/** Appends children; strings and numbers become text. */
export function append(parent: Element, ...children: Child[]): void {
  for (const child of children) {
    if (child === null || child === undefined || child === false) continue
    parent.append(child instanceof Node ? child : String(child))
  }
}

/** Returns a new HTML element. */
export function element<Name extends keyof HTMLElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): HTMLElementTagNameMap[Name] {
  const made = document.createElement(name)
  setAttributes(made, attributes)
  append(made, ...children)
  return made
}

/** Returns a new SVG element. */
export function svgElement<Name extends keyof SVGElementTagNameMap>(
  name: Name,
  attributes: Attributes = {},
  ...children: Child[]
): SVGElementTagNameMap[Name] {
  const made = document.createElementNS('http://www.w3.org/2000/svg', name)
  setAttributes(made, attributes)
  append(made, ...children)
  return made
}

/** Returns a button that runs `act`; it never submits a form. */
export function button(label: Child, attributes: Attributes, act: () => void): HTMLButtonElement {
  return element('button', { type: 'button', ...attributes, onclick: act }, label)
}

/** Sets a custom property of an element's style; the content security policy allows that. */
export function setProperty(target: HTMLElement | SVGElement, name: string, value: string | number): void {
  target.style.setProperty(name, String(value))
}

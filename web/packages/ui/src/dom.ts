/** Makes elements. */

type Child = Node | string | undefined

type Attributes = Readonly<Record<string, string>>

/** An HTML element with attributes and children; what is undefined is left out. */
export function el<K extends keyof HTMLElementTagNameMap>(
  name: K,
  attributes: Attributes,
  ...children: readonly Child[]
): HTMLElementTagNameMap[K] {
  return filled(document.createElement(name), attributes, children)
}

/** An SVG element. */
export function svg(
  name: keyof SVGElementTagNameMap,
  attributes: Attributes,
  ...children: readonly Child[]
): SVGElement {
  return filled(document.createElementNS('http://www.w3.org/2000/svg', name), attributes, children)
}

function filled<E extends Element>(
  element: E,
  attributes: Attributes,
  children: readonly Child[],
): E {
  for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value)
  element.append(...children.filter((child) => child !== undefined))
  return element
}

/** Terms and what is said of each; terms of which nothing is said are left out. */
export function factsOf(facts: readonly (readonly [string, string])[]): HTMLElement {
  const said = facts.filter(([, fact]) => fact !== '')
  const list = said.flatMap(([term, fact]) => [el('dt', {}, term), el('dd', {}, fact)])
  return el('dl', { class: 'facts' }, ...list)
}

/** A word or two beside a name. */
export function tag(kind: string, text: string): HTMLElement {
  return el('span', { class: `tag ${kind}` }, text)
}

/** A button that does something. */
export function button(attributes: Attributes, label: string, act: () => void): HTMLButtonElement {
  const made = el('button', { type: 'button', ...attributes }, label)
  made.addEventListener('click', act)
  return made
}

/** What keeps people from using a page: barriers by axe-core's rules, and text that is cut. */
import axe from 'axe-core'
import { expect } from 'vitest'
import type { Page } from 'playwright-core'

/** WCAG 2.2 A and AA, and what axe-core holds to be good practice. */
const tags = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice']

/** Findings below these are not held against a page. */
const severe = ['serious', 'critical']

/** Wants no serious or critical barrier on the page as it is. With rules given, by these alone. */
export async function expectNoBarriers(
  page: Page,
  name: string,
  rules?: readonly string[],
): Promise<void> {
  expect(await barriers(page, rules), name).toEqual([])
}

/** The serious and critical barriers of the page as it is: rule, element, what is wrong. */
export async function barriers(page: Page, rules?: readonly string[]): Promise<readonly string[]> {
  // Evaluated from outside: the page's content policy lets it load no foreign script.
  if (!(await page.evaluate(() => 'axe' in window))) await page.evaluate(axe.source)
  const runOnly = rules ? { type: 'rule', values: rules } : { type: 'tag', values: tags }
  const found = await page.evaluate(
    async (options) => {
      const { violations } = await (window as unknown as { axe: typeof axe }).axe.run(options)
      return violations.map(({ id, impact, nodes }) => {
        const where = nodes.map(({ target, failureSummary }) => ({ target, failureSummary }))
        return { id, impact: impact ?? '', nodes: where }
      })
    },
    { runOnly, resultTypes: ['violations'] } as axe.RunOptions,
  )
  return found
    .filter(({ impact }) => severe.includes(impact))
    .flatMap(({ id, nodes }) =>
      nodes
        .filter(({ target }) => !isFading(id, target.join(' ')))
        .map(({ target, failureSummary = '' }) => {
          const why = failureSummary.split('\n').slice(1).join(' ').trim()
          return `${id}: ${target.join(' ')}: ${why}`
        }),
    )
}

/** A note that comes and goes has no contrast of its own on the way. */
function isFading(rule: string, target: string): boolean {
  return rule === 'color-contrast' && /\.(van-toast|el-message|el-notification)/.test(target)
}

/** Wants no text to be cut, and no scrolling to the side, with letters so many times as large. */
export async function expectNoCuts(page: Page, name: string, larger = 1): Promise<void> {
  expect(await cuts(page, larger), name).toEqual([])
}

/** The texts that are cut, with letters so many times as large. */
export async function cuts(page: Page, larger = 1): Promise<readonly string[]> {
  return page.evaluate(cutTexts, larger)
}

/** The texts of a page that are cut. Runs in the page. */
function cutTexts(larger: number): readonly string[] {
  const all = [...document.body.querySelectorAll<HTMLElement>('*')].filter(
    (one) => one.checkVisibility() && !(one instanceof SVGElement),
  )
  const sizes = all.map((one) => parseFloat(getComputedStyle(one).fontSize) * larger)
  const styles = all.map((one) => one.getAttribute('style'))
  if (larger !== 1) {
    for (const [i, one] of all.entries()) {
      one.style.setProperty('font-size', `${String(sizes[i])}px`, 'important')
    }
  }
  const hasWords = (one: Element) =>
    [...one.childNodes].some(({ nodeType, textContent }) => nodeType === 3 && textContent?.trim())
  const rolls = (one: Element | null): boolean =>
    one !== null &&
    // A map is moved under its edges as what rolls is.
    (one.matches('.maplibregl-map') ||
      /auto|scroll/.test(getComputedStyle(one).overflowX) ||
      rolls(one.parentElement))
  const wide = document.documentElement.clientWidth
  const cut = all.filter((one) => {
    if (!hasWords(one) || one.matches('option, .van-toast, [aria-hidden=true], textarea'))
      return false
    const { overflowX, display } = getComputedStyle(one)
    const hides = overflowX !== 'visible' && display !== 'inline'
    if (hides && one.scrollWidth > one.clientWidth + 1) return true
    return !rolls(one.parentElement) && one.getBoundingClientRect().right > wide + 1
  })
  const found = cut.map(
    (one) => `${one.className || one.tagName}: ${one.textContent.trim().slice(0, 40)}`,
  )
  const spare = wide - document.documentElement.scrollWidth
  for (const [i, one] of all.entries()) {
    const before = styles[i]
    if (before === null || before === undefined) one.removeAttribute('style')
    else one.setAttribute('style', before)
  }
  return spare < 0 ? [...found, `the page is ${String(-spare)} px too wide`] : found
}

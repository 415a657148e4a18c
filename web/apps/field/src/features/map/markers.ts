/** Units and the phone on a map, as elements of the page: their words need no glyphs. */
import type { Place, VisitSummary } from '@sansuiji/local'
import { Marker } from 'maplibre-gl'
import { onBeforeUnmount, watch, type Ref } from 'vue'

import { isOver } from '../visits/search'
import { positionOf, type Located } from './drawn'
import type { Mapping } from './mapping'

/** What is marked. */
export interface Marked {
  readonly units: Readonly<Ref<readonly Located[]>>
  readonly next: () => VisitSummary | null
  readonly place: () => Place | null
  /** What the phone's own mark is called. */
  readonly here: () => string
  readonly open: (visit: VisitSummary) => void
}

/** With more units than this in sight, names are shown only near by. */
const namesMax = 8

/** From here on names are always shown. Zoom level. */
const namesZoom = 10

/** Keeps the marks of a map in step with what is marked. */
export function useMarkers(mapping: Readonly<Ref<Mapping | undefined>>, marked: Marked): void {
  let units: readonly Marker[] = []
  let here: Marker | undefined

  const names = (): void => {
    const map = mapping.value?.map
    if (!map) return
    const far = units.length > namesMax && map.getZoom() < namesZoom
    for (const marker of units) {
      const isNext = marker.getElement().classList.contains('next')
      marker.getElement().classList.toggle('far', far && !isNext)
    }
  }
  watch([mapping, marked.units, marked.next], ([made, all, next]) => {
    for (const marker of units) marker.remove()
    if (!made) return
    // The next unit lies above the others.
    const order = all.toSorted((a, b) => Number(a.visit === next) - Number(b.visit === next))
    units = order.map(({ visit, spot }) =>
      new Marker({ element: unitElement(visit, visit.id === next?.id, marked.open) })
        .setLngLat(positionOf(spot))
        .addTo(made.map),
    )
    names()
  })
  watch(mapping, (made) => made?.map.on('zoom', names))
  watch([mapping, marked.place], ([made, place]) => {
    if (!made || !place) {
      here?.remove()
      here = undefined
      return
    }
    here ??= new Marker({ element: hereElement(marked.here()) })
    here.setLngLat(positionOf(place)).addTo(made.map)
  })
  onBeforeUnmount(() => {
    for (const marker of units) marker.remove()
    here?.remove()
  })
}

function unitElement(
  visit: VisitSummary,
  isNext: boolean,
  open: (visit: VisitSummary) => void,
): HTMLElement {
  const button = document.createElement('button')
  button.type = 'button'
  button.className = `unit ${isNext ? 'next' : isOver(visit) ? 'over' : 'open'}`
  button.dataset['testid'] = 'map-unit'
  const name = visit.name || visit.code
  button.setAttribute('aria-label', [visit.sequence, name].filter(Boolean).join(' '))
  button.append(span('number', String(visit.sequence ?? '')), span('name', name))
  button.addEventListener('click', () => {
    open(visit)
  })
  return button
}

function hereElement(label: string): HTMLElement {
  const dot = span('here', '')
  dot.dataset['testid'] = 'map-here'
  dot.setAttribute('role', 'img')
  dot.setAttribute('aria-label', label)
  return dot
}

function span(name: string, text: string): HTMLElement {
  const made = document.createElement('span')
  made.className = name
  made.textContent = text
  return made
}

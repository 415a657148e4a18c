/** A map on the screen: MapLibre GL over a file in the phone, and what is drawn upon it. */
import type { Spot } from '@sansuiji/local'
import type { Feature } from 'geojson'
import {
  addProtocol,
  Map as LibreMap,
  setWorkerUrl,
  type GeoJSONSource,
  type StyleSpecification,
} from 'maplibre-gl'
import 'maplibre-gl/dist/maplibre-gl.css'
import workerUrl from 'maplibre-gl/dist/maplibre-gl-worker.mjs?worker&url'
import { FileSource, PMTiles, Protocol } from 'pmtiles'

import { boundsOf, circleOf, linesOf, positionOf } from './drawn'
import { styleOf, type Palette } from './style'

/** What is drawn over the map. */
export type Overlay = 'route' | 'track' | 'fix'

/** Closer than this the map is not shown by itself. Zoom levels. */
const closestByItself = 13

/** Where a position is looked at. */
const positionZoom = 14

/** Room around what is fitted in, for names below and buttons on the right. Pixels. */
const padding = { top: 36, right: 84, bottom: 56, left: 40 }

const archives = new Protocol()
let ready = false

/** Tells the library once where its worker is, and how archives are read. */
function prepare(): void {
  if (ready) return
  ready = true
  setWorkerUrl(workerUrl)
  addProtocol('pmtiles', archives.tile)
}

/** A map that is shown. */
export interface Mapping {
  readonly map: LibreMap
  readonly set: (overlay: Overlay, data: Feature) => void
  /** Follows the app's colours. */
  readonly recolour: () => void
  readonly fit: (spots: readonly Spot[]) => void
  readonly look: (spot: Spot) => void
  readonly remove: () => void
}

/** Shows a map. It throws where the phone cannot draw one. */
export async function showMap(element: HTMLElement, file: File, label: string): Promise<Mapping> {
  prepare()
  const archive = new PMTiles(new FileSource(file))
  archives.add(archive)
  const { minLon, minLat, maxLon, maxLat, maxZoom } = await archive.getHeader()
  const drawn = new Map<Overlay, Feature>([
    ['route', linesOf([])],
    ['track', linesOf([])],
    ['fix', circleOf(null)],
  ])
  const style = () => withOverlays(styleOf(palette, `pmtiles://${file.name}`), drawn)
  const map = new LibreMap({
    container: element,
    style: style(),
    bounds: [minLon, minLat, maxLon, maxLat],
    maxZoom: Math.max(maxZoom, positionZoom) + 3,
    attributionControl: { compact: true },
    locale: { 'Map.Title': label },
    dragRotate: false,
    pitchWithRotate: false,
    touchPitch: false,
    fadeDuration: 0,
  })
  map.touchZoomRotate.disableRotation()
  // What was set before the style was there.
  void map.on('style.load', () => {
    for (const [overlay, data] of drawn) void map.getSource<GeoJSONSource>(overlay)?.setData(data)
  })
  return {
    map,
    set: (overlay, data) => {
      drawn.set(overlay, data)
      void map.getSource<GeoJSONSource>(overlay)?.setData(data)
    },
    recolour: () => {
      map.setStyle(style())
    },
    fit: (spots) => {
      const bounds = boundsOf(spots)
      const how = { padding, maxZoom: closestByItself, animate: false }
      if (bounds) map.fitBounds(bounds, how)
    },
    look: (spot) => {
      map.easeTo({ center: positionOf(spot), zoom: Math.max(map.getZoom(), positionZoom) })
    },
    remove: () => {
      map.remove()
      archives.tiles.delete(file.name)
    },
  }
}

const palette: Palette = (name) =>
  getComputedStyle(document.documentElement).getPropertyValue(name).trim()

function withOverlays(
  style: StyleSpecification,
  drawn: ReadonlyMap<Overlay, Feature>,
): StyleSpecification {
  const sources = Object.fromEntries(
    [...drawn].map(([name, data]) => [name, { type: 'geojson' as const, data }]),
  )
  return {
    ...style,
    sources: { ...style.sources, ...sources },
    layers: [
      ...style.layers,
      {
        ...{ id: 'fix', type: 'fill', source: 'fix' },
        paint: { 'fill-color': palette('--s-info'), 'fill-opacity': 0.2 },
      },
      {
        ...{ id: 'track', type: 'line', source: 'track' },
        paint: { 'line-color': palette('--s-info'), 'line-width': 4, 'line-opacity': 0.8 },
      },
      {
        ...{ id: 'route', type: 'line', source: 'route' },
        paint: {
          'line-color': palette('--s-brand-text'),
          'line-width': 2.5,
          'line-dasharray': [2, 1.5],
        },
      },
    ],
  }
}

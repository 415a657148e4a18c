/**
 * How the map looks. Its colours are those of the app, so that it follows light, dark and
 * whatever else the app is told; it needs neither glyphs nor sprites from anywhere.
 *
 * It draws what it finds of two ways to cut a city into layers: our own (land, water, border,
 * road, place) and that of OpenMapTiles (water, waterway, landuse, boundary, transportation, place).
 */
import type { ExpressionSpecification, LayerSpecification, StyleSpecification } from 'maplibre-gl'

/** The colours it takes, by the names that they have in the app. */
export type Palette = (name: string) => string

const source = 'city'

/** The whole style; `address` is that of the archive. */
export function styleOf(colour: Palette, address: string): StyleSpecification {
  return {
    version: 8,
    sources: { [source]: { type: 'vector', url: address } },
    layers: layersOf(colour),
  }
}

function layersOf(colour: Palette): LayerSpecification[] {
  const water = colour('--s-info')
  return [
    { id: 'ground', type: 'background', paint: { 'background-color': colour('--s-page') } },
    fill('land', colour('--s-surface-soft')),
    fill('landuse', colour('--s-surface-soft')),
    fill('water', water, waterOpacity),
    faint(line('water', water, 2, 6)),
    faint(line('waterway', water, 1, 4)),
    ...['border', 'boundary'].map((layer) => border(layer, colour('--s-text-soft'))),
    ...['road', 'transportation'].flatMap((layer) => roads(layer, colour)),
    label('place', colour, ['township', 'town', 'village', 'suburb'], 12),
    label('place', colour, ['county', 'city', 'state'], 15),
  ]
}

const isLine: ExpressionSpecification = ['==', ['geometry-type'], 'LineString']
const isMain: ExpressionSpecification = [
  'in',
  ['get', 'class'],
  ['literal', ['main', 'motorway', 'trunk', 'primary', 'secondary']],
]

/** Water is of a strong colour, seen through. */
const waterOpacity = 0.28

function faint(layer: LayerSpecification): LayerSpecification {
  if (layer.type !== 'line') return layer
  return { ...layer, paint: { ...layer.paint, 'line-opacity': waterOpacity } }
}

function fill(layer: string, colour: string, opacity = 1): LayerSpecification {
  const filter: ExpressionSpecification = ['==', ['geometry-type'], 'Polygon']
  const at = { source, 'source-layer': layer, filter }
  return {
    id: layer,
    type: 'fill',
    ...at,
    paint: { 'fill-color': colour, 'fill-opacity': opacity },
  }
}

/** A line that gets wider from zoom 6 to 14. */
function line(
  layer: string,
  colour: string,
  from: number,
  to: number,
  filter: ExpressionSpecification = isLine,
  id = `${layer}-line`,
): LayerSpecification {
  return {
    ...{ id, type: 'line', source, 'source-layer': layer, filter },
    layout: { 'line-cap': 'round', 'line-join': 'round' },
    paint: {
      'line-color': colour,
      'line-width': ['interpolate', ['linear'], ['zoom'], 6, from, 14, to],
    },
  }
}

function border(layer: string, colour: string): LayerSpecification {
  return {
    ...{ id: layer, type: 'line', source, 'source-layer': layer },
    paint: { 'line-color': colour, 'line-dasharray': [3, 2], 'line-width': 1, 'line-opacity': 0.7 },
  }
}

/** A casing under each road keeps it apart from land of nearly its colour. */
function roads(layer: string, colour: Palette): LayerSpecification[] {
  const [edge, face] = [colour('--s-text-soft'), colour('--s-surface')]
  return [
    line(layer, edge, 0.6, 3, ['!', isMain], `${layer}-small`),
    line(layer, edge, 2, 9, isMain, `${layer}-main-edge`),
    line(layer, face, 1, 6, isMain, `${layer}-main`),
  ]
}

function label(
  layer: string,
  colour: Palette,
  classes: readonly string[],
  size: number,
): LayerSpecification {
  return {
    ...{ id: `${layer}-${classes[0] ?? ''}`, type: 'symbol', source, 'source-layer': layer },
    filter: ['in', ['get', 'class'], ['literal', [...classes]]],
    layout: { 'text-field': ['get', 'name'], 'text-size': size, 'text-font': ['sans-serif'] },
    paint: {
      'text-color': colour('--s-text-soft'),
      'text-halo-color': colour('--s-surface'),
      'text-halo-width': 1.5,
    },
  }
}

/** What is drawn over the map: the route in its order, where the phone has been, where it is. */
import type { Place, Spot, VisitSummary } from '@sansuiji/local'
import type { Feature } from 'geojson'

import { spotOf } from '../../parts/way'

/** A unit with its place. */
export interface Located {
  readonly visit: VisitSummary
  readonly spot: Spot
}

/** Longitude and latitude in degrees, as GeoJSON has them (RFC 7946 §3.1.1). */
export type Position = [number, number]

/** A place as GeoJSON has it. */
export function positionOf({ latitudeE7, longitudeE7 }: Spot): Position {
  return [longitudeE7 / 1e7, latitudeE7 / 1e7]
}

/** The units whose place is on record. */
export function located(visits: readonly VisitSummary[]): readonly Located[] {
  return visits.flatMap((visit) => {
    const spot = spotOf(visit)
    return spot ? [{ visit, spot }] : []
  })
}

/** Lines as GeoJSON; none of fewer than two points. */
export function linesOf(lines: readonly (readonly Spot[])[]): Feature {
  const coordinates = lines.filter(({ length }) => length > 1).map((line) => line.map(positionOf))
  return {
    type: 'Feature',
    properties: {},
    geometry: { type: 'MultiLineString', coordinates },
  }
}

/** The corners around places: south-west and north-east; null around none. */
export function boundsOf(spots: readonly Spot[]): [Position, Position] | null {
  if (spots.length === 0) return null
  const east = spots.map(({ longitudeE7 }) => longitudeE7 / 1e7)
  const north = spots.map(({ latitudeE7 }) => latitudeE7 / 1e7)
  return [
    [Math.min(...east), Math.min(...north)],
    [Math.max(...east), Math.max(...north)],
  ]
}

/** Points of the circle that shows how sure a fix is. */
const circlePoints = 48

/** A degree of a great circle. Metres. */
const degreeM = 111_195

/** The circle within which a fix is, as an area. */
export function circleOf(place: Place | null): Feature {
  const ring = place
    ? Array.from({ length: circlePoints + 1 }, (_, i): Position => {
        const [longitude, latitude] = positionOf(place)
        const angle = (2 * Math.PI * i) / circlePoints
        const degrees = place.accuracyM / degreeM
        const narrow = Math.cos((latitude * Math.PI) / 180)
        return [
          longitude + (degrees * Math.cos(angle)) / narrow,
          latitude + degrees * Math.sin(angle),
        ]
      })
    : []
  return {
    type: 'Feature',
    properties: {},
    geometry: { type: 'Polygon', coordinates: ring.length > 0 ? [ring] : [] },
  }
}

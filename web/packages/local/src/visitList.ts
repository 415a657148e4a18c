/** The visits of the day: what the app shows first, and nothing that it does not need for that. */
import type { Database, Row } from './database'
import { id, integer, maybeInteger, maybeText, text } from './row'
import type { VisitSummary } from './views'

/**
 * Reads visits. Their findings are counted by the index, which has all that is asked of most of
 * them; those that were withdrawn or returned are few, and found in one pass in the order in
 * which they lie: a look at each by the index reads most pages again and again.
 */
function visitQuery(of: string, rest: string): string {
  return `
  SELECT v.id, v.sequence, v.status, v.planned_at, v.arrived_at, v.left_at, v.note, v.unit_id,
    u.code, u.name, u.category, u.county, u.township, u.secretary, u.members, t.name AS team,
    u.latitude_e7, u.longitude_e7, u.phone,
    (SELECT COUNT(*) FROM problem p WHERE p.unit_id = v.unit_id) AS problems,
    (SELECT COUNT(*) FROM problem p JOIN verification f ON f.problem_id = p.id
      WHERE p.unit_id = v.unit_id AND f.visit_id = v.id AND f.outcome IS NOT NULL) AS verified,
    COALESCE(n.findings, 0) - COALESCE(a.withdrawn, 0) AS findings,
    COALESCE(a.returned, 0) AS returned
  FROM visit v LEFT JOIN unit u ON u.id = v.unit_id LEFT JOIN team t ON t.id = v.team_id
    LEFT JOIN (
      SELECT visit_id, COUNT(*) AS findings FROM finding WHERE ${of} GROUP BY visit_id
    ) n ON n.visit_id = v.id
    LEFT JOIN (
      SELECT visit_id, COUNT(withdrawn_at) AS withdrawn, SUM(withdrawn_at IS NULL) AS returned
      FROM finding WHERE (withdrawn_at IS NOT NULL OR review_state = 'returned') AND ${of}
      GROUP BY +visit_id
    ) a ON a.visit_id = v.id
  ${rest}`
}

const visitList = visitQuery('TRUE', 'ORDER BY v.sequence IS NULL, v.sequence, u.name, v.id')
/** Reads one visit by its id, as `visitSummary` takes it. */
export const oneVisit = visitQuery('visit_id = ?1', 'WHERE v.id = ?1')

/** The visits this device holds, in the order they were drawn. */
export function visits(database: Database): readonly VisitSummary[] {
  return database.rows(visitList).map(visitSummary)
}

/** A row of these queries. */
export function visitSummary(row: Row): VisitSummary {
  return {
    id: id(row, 'id'),
    sequence: maybeInteger(row, 'sequence'),
    status: text(row, 'status'),
    plannedAt: maybeInteger(row, 'planned_at'),
    arrivedAt: maybeInteger(row, 'arrived_at'),
    leftAt: maybeInteger(row, 'left_at'),
    team: maybeText(row, 'team'),
    code: maybeText(row, 'code') ?? '',
    name: maybeText(row, 'name') ?? '',
    category: maybeText(row, 'category'),
    county: maybeText(row, 'county') ?? '',
    township: maybeText(row, 'township') ?? '',
    latitudeE7: maybeInteger(row, 'latitude_e7'),
    longitudeE7: maybeInteger(row, 'longitude_e7'),
    phone: maybeText(row, 'phone'),
    problems: integer(row, 'problems'),
    verified: integer(row, 'verified'),
    findings: integer(row, 'findings'),
    returned: integer(row, 'returned'),
  }
}

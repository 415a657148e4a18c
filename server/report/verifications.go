package report

import (
	"sansuiji/schema"
	"sansuiji/server/review"
)

// verifications are narrowed by where they were made only: the rest of the
// filter asks for what only findings have.
func verifications(c *schema.Catalogue, f review.FindingFilter) listing {
	t := c.MustTable("verification")
	return listing{
		title: schema.Label{Zh: "查驗", En: "Verifications"}, filter: f.Place(),
		query: verificationsQuery, order: verificationsOrder,
		columns: append(placeColumns(c),
			of(t, "problem_id", text), of(t, "commitment_id", text),
			of(t, "outcome", text), of(t, "note", text),
			of(t, "inspector_id", text), of(t, "verified_at", moment),
			of(t, "latitude_e7", degrees), of(t, "longitude_e7", degrees),
			of(t, "accuracy_m", count),
			openConflicts(), rowID(),
		),
	}
}

// r, for result, is the verification: v is the visit, as in the filter.
const verificationsQuery = `SELECT u.county, u.township, u.name, u.code, u.category, t.name,
		p.title, m.title, r.outcome, r.note, i.name, r.verified_at,
		r.latitude_e7, r.longitude_e7, r.accuracy_m,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = r.campaign_no
			AND c.table_name = 'verification' AND c.row_id = r.id AND c.state = 'open'),
		r.id
	FROM verification r
	LEFT JOIN visit v ON v.campaign_no = r.campaign_no AND v.id = r.visit_id
	LEFT JOIN unit u ON u.campaign_no = r.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = r.campaign_no AND t.id = v.team_id
	LEFT JOIN problem p ON p.campaign_no = r.campaign_no AND p.id = r.problem_id
	LEFT JOIN commitment m ON m.campaign_no = r.campaign_no AND m.id = r.commitment_id
	LEFT JOIN inspector i ON i.campaign_no = r.campaign_no AND i.id = r.inspector_id
	WHERE r.campaign_no = $1 AND `

const verificationsOrder = `
	ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 0), coalesce(p.number, 0),
		coalesce(m.number, 0), r.id`

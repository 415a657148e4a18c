package report

import "sansuiji/schema"

// verifications are narrowed by where they were made only: the rest of the
// filter asks for what only findings have.
func (b *book) verifications() listing {
	columns := append(b.placeColumns(),
		b.of("verification", "problem_id", text), b.of("verification", "commitment_id", text),
		b.of("verification", "outcome", text), b.of("verification", "note", text),
		b.of("verification", "inspector_id", text), b.of("verification", "verified_at", moment),
		b.of("verification", "latitude_e7", degrees), b.of("verification", "longitude_e7", degrees),
		b.of("verification", "accuracy_m", count),
		openConflicts(),
	)
	columns = append(append(columns, photoColumns()...), rowID())
	return listing{
		title: schema.Label{Zh: "查驗", En: "Verifications"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: verificationFields, from: verificationFrom, order: verificationOrder,
			narrow: b.filter.Place().Where, photos: attached(),
		},
	}
}

const verificationFields = `u.county, u.township, u.name, u.code, u.category, t.name,
		p.title, m.title, f.outcome, f.note, i.name, f.verified_at,
		f.latitude_e7, f.longitude_e7, f.accuracy_m,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
			AND c.table_name = 'verification' AND c.row_id = f.id AND c.state = 'open'),
		f.id`

const verificationFrom = `
	FROM verification f
	LEFT JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = v.team_id
	LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
	LEFT JOIN commitment m ON m.campaign_no = f.campaign_no AND m.id = f.commitment_id
	LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id`

const verificationOrder = `
	ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 0), coalesce(p.number, 0),
		coalesce(m.number, 0), f.id`

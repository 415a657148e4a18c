package report

import "sansuiji/schema"

// visits are listed with how much was recorded at each. How many people were talked to is
// not among it: see Interviews.
func (b *book) visits() listing {
	columns := append(b.placeColumns(),
		b.of("visit", "sequence", count), b.of("visit", "planned_at", moment), b.of("visit", "status", text),
		b.of("visit", "arrived_at", moment), b.of("visit", "left_at", moment),
		b.of("visit", "arrived_latitude_e7", degrees), b.of("visit", "arrived_longitude_e7", degrees),
		b.of("visit", "arrived_accuracy_m", count),
		named("發現數", "Findings", count), named("查驗數", "Verifications", count), named("答題數", "Answers", count),
		named("照片數", "Photos", count), b.of("signoff", "result", text).as("簽認", "Sign-off"),
		b.of("signoff", "name", text), b.of("signoff", "signed_at", moment), b.of("visit", "note", text), rowID(),
	)
	return listing{
		title: schema.Label{Zh: "實地核查", En: "Visits"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: visitFields, from: visitFrom, order: visitOrder, narrow: b.filter.Place().Where,
		},
	}
}

const visitFields = `u.county, u.township, u.name, u.code, u.category, t.name,
		f.sequence, f.planned_at, f.status, f.arrived_at, f.left_at,
		f.arrived_latitude_e7, f.arrived_longitude_e7, f.arrived_accuracy_m,
		(SELECT count(*) FROM finding x WHERE x.campaign_no = f.campaign_no AND x.visit_id = f.id AND x.withdrawn_at IS NULL),
		(SELECT count(*) FROM verification x WHERE x.campaign_no = f.campaign_no AND x.visit_id = f.id
			AND x.withdrawn_at IS NULL AND x.outcome IS NOT NULL),
		(SELECT count(*) FROM answer x WHERE x.campaign_no = f.campaign_no AND x.visit_id = f.id AND x.value IS NOT NULL),
		(SELECT count(*) FROM attachment x WHERE x.campaign_no = f.campaign_no AND x.visit_id = f.id
			AND x.withdrawn_at IS NULL AND x.kind IN ('photo', 'page')),
		s.result, s.name, s.signed_at, f.note, f.id`

// v is the visit, as in the filter; f the row of the list, as in all lists.
const visitFrom = `
	FROM visit f
	JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.id
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = f.unit_id
	LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = f.team_id
	LEFT JOIN (SELECT y.visit_id, y.result, y.name, y.signed_at, row_number() OVER (
			PARTITION BY y.visit_id ORDER BY y.signed_at DESC, y.id DESC) AS nth
		FROM signoff y WHERE y.campaign_no = $1) s ON s.visit_id = f.id AND s.nth = 1`

const visitOrder = `
	ORDER BY coalesce(t.number, 0), coalesce(f.sequence, 0), coalesce(u.code, ''), f.id`

package report

import "sansuiji/schema"

// findings are listed in the order of the inspection.
func (b *book) findings() listing {
	columns := append(b.placeColumns(),
		b.of("finding", "kind", text), b.of("finding", "title", text), b.of("finding", "detail", text),
		b.of("finding", "severity", text), b.of("finding", "topic", text), b.of("finding", "problem_id", text),
		b.of("finding", "status", text), b.of("finding", "review_state", text), b.of("finding", "review_note", text),
		b.of("finding", "inspector_id", text), b.of("finding", "recorded_at", moment),
		b.of("finding", "latitude_e7", degrees), b.of("finding", "longitude_e7", degrees),
		b.of("finding", "accuracy_m", count),
		b.of("finding", "withdrawn_at", moment), b.of("finding", "withdrawn_reason", text),
		openConflicts(),
	)
	columns = append(append(columns, photoColumns()...), rowID())
	return listing{
		title: schema.Label{Zh: "發現", En: "Findings"}, columns: columns,
		rows: &query{
			book: b, columns: columns, fields: findingFields, from: findingFrom, order: findingOrder,
			narrow: b.filter.Where, photos: attached(),
		},
	}
}

const findingFields = `u.county, u.township, u.name, u.code, u.category, t.name,
		f.kind, f.title, f.detail, f.severity, f.topic, p.title,
		f.status, f.review_state, f.review_note, i.name, f.recorded_at,
		f.latitude_e7, f.longitude_e7, f.accuracy_m, f.withdrawn_at, f.withdrawn_reason,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
			AND c.table_name = 'finding' AND c.row_id = f.id AND c.state = 'open'),
		f.id`

// findingFrom keeps a finding whose visit or unit is missing: what a person
// recorded does not drop out of the list.
const findingFrom = `
	FROM finding f
	LEFT JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = v.team_id
	LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
	LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id`

// The engines put NULLs at different ends, hence coalesce.
const findingOrder = `
	ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 0), coalesce(f.recorded_at, 0), f.id`

// placeColumns say where something was seen and by which team.
func (b *book) placeColumns() []column {
	return append(b.unitColumns(), column{label: b.printer.Catalogue.MustTable("team").Label})
}

// unitColumns say of which unit something is.
func (b *book) unitColumns() []column {
	return []column{
		b.of("unit", "county", text), b.of("unit", "township", text), b.of("unit", "name", text),
		b.of("unit", "code", text), b.of("unit", "category", text),
	}
}

func openConflicts() column { return named("開放衝突數", "Open conflicts", count) }

package report

import (
	"sansuiji/schema"
	"sansuiji/server/review"
)

// findings are listed in the order of the inspection.
func findings(c *schema.Catalogue, f review.FindingFilter) listing {
	t := c.MustTable("finding")
	return listing{
		title: schema.Label{Zh: "發現", En: "Findings"}, filter: f,
		query: findingsQuery, order: findingsOrder,
		columns: append(placeColumns(c),
			of(t, "kind", text), of(t, "title", text), of(t, "detail", text),
			of(t, "severity", text), of(t, "problem_id", text),
			of(t, "status", text), of(t, "review_state", text), of(t, "review_note", text),
			of(t, "inspector_id", text), of(t, "recorded_at", moment),
			of(t, "latitude_e7", degrees), of(t, "longitude_e7", degrees),
			of(t, "accuracy_m", count),
			of(t, "withdrawn_at", moment), of(t, "withdrawn_reason", text),
			openConflicts(), rowID(),
		),
	}
}

// findingsQuery keeps a finding whose visit or unit is missing: what a person
// recorded does not drop out of the list.
const findingsQuery = `SELECT u.county, u.township, u.name, u.code, u.category, t.name,
		f.kind, f.title, f.detail, f.severity, p.title,
		f.status, f.review_state, f.review_note, i.name, f.recorded_at,
		f.latitude_e7, f.longitude_e7, f.accuracy_m, f.withdrawn_at, f.withdrawn_reason,
		(SELECT count(*) FROM conflict c WHERE c.campaign_no = f.campaign_no
			AND c.table_name = 'finding' AND c.row_id = f.id AND c.state = 'open'),
		f.id
	FROM finding f
	LEFT JOIN visit v ON v.campaign_no = f.campaign_no AND v.id = f.visit_id
	LEFT JOIN unit u ON u.campaign_no = f.campaign_no AND u.id = v.unit_id
	LEFT JOIN team t ON t.campaign_no = f.campaign_no AND t.id = v.team_id
	LEFT JOIN problem p ON p.campaign_no = f.campaign_no AND p.id = f.problem_id
	LEFT JOIN inspector i ON i.campaign_no = f.campaign_no AND i.id = f.inspector_id
	WHERE f.campaign_no = $1 AND `

// The engines put NULLs at different ends, hence coalesce.
const findingsOrder = `
	ORDER BY coalesce(t.number, 0), coalesce(v.sequence, 0), coalesce(f.recorded_at, 0), f.id`

// placeColumns say where something was seen and by which team.
func placeColumns(c *schema.Catalogue) []column {
	unit := c.MustTable("unit")
	return []column{
		of(unit, "county", text), of(unit, "township", text), of(unit, "name", text),
		of(unit, "code", text), of(unit, "category", text),
		{label: c.MustTable("team").Label},
	}
}

func openConflicts() column {
	return column{label: schema.Label{Zh: "開放衝突數", En: "Open conflicts"}, kind: count}
}

func rowID() column {
	return column{label: schema.Label{Zh: "編號", En: "Id"}, kind: identity}
}

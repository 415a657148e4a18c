package intake

// AnyKind asks for the kind that a table looks like.
const AnyKind = "auto"

// guess is the kind that a file looks like: the one that knows most of its columns, less
// what it lacks of those that must be there.
func guess(sheets []*Sheet, in ImportFile) (*Kind, error) {
	var best *Kind
	most := 0.0
	for _, name := range KindNames() {
		kind, err := KindOf(name)
		if err != nil {
			return nil, err
		}
		r, err := choose(kind, sheets, ImportFile{Sheet: in.Sheet, Header: in.Header})
		if err != nil {
			return nil, err
		}
		if fit := r.fit(); best == nil || fit > most {
			best, most = kind, fit
		}
	}
	return best, nil
}

// missingWeight is how many known columns make up for one that is missing.
const missingWeight = 2

// fit says how well a kind fits a sheet; what matched better decides between equals.
func (r *reading) fit() float64 {
	known := 0
	for _, column := range r.header.columns {
		if column >= 0 {
			known++
		}
	}
	fresh := reading{kind: r.kind, sheet: r.sheet, header: r.header}
	return float64(known-missingWeight*len(fresh.missing())) + r.header.score/1000
}

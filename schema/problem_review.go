package schema

const (
	// FaultStillQuarantined says that an entry could not be merged this time either.
	FaultStillQuarantined = "still-quarantined"
	// FaultDraft says that a finding's team has not submitted it.
	FaultDraft = "finding-draft"
)

func reviewFaults() []Fault {
	return []Fault{
		fault(FaultStillQuarantined, 409, "仍然不能合併", "It still cannot be merged",
			"請先按所列原因處理（如調整人員的核查組、升級程序），再放行；確實不需要的可以留存不併。",
			"Mend what the reason says first (the inspector's team, the program's version), then release it; what is not needed can be set aside."),
		fault(FaultDraft, 409, "還是草稿，小組沒有提交", "It is a draft: its team has not submitted it",
			"請小組提交後再採納；確需採納的，打開這一條單獨處理。",
			"Accept it once the team has submitted it; if it must be now, open it and decide about it alone."),
	}
}

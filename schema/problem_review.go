package schema

// FaultStillQuarantined says that an entry could not be merged this time either.
const FaultStillQuarantined = "still-quarantined"

func reviewFaults() []Fault {
	return []Fault{
		fault(FaultStillQuarantined, 409, "仍然不能合併", "It still cannot be merged",
			"請先按所列原因處理（如調整人員的核查組、升級程序），再放行；確實不需要的可以留存不併。",
			"Mend what the reason says first (the inspector's team, the program's version), then release it; what is not needed can be set aside."),
	}
}

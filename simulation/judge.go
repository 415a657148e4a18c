package simulation

func (w *world) judge(o Options)                 {}
func (w *world) traceHistory(trace func(string)) {}

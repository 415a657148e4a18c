package history

import (
	"crypto"
	"sync"
	"sync/atomic"

	"sansuiji/schema"
	"sansuiji/syncengine/chain"
)

// signature is one signature of a device over a head.
type signature struct {
	key      crypto.PublicKey
	campaign schema.CampaignID
	device   schema.DeviceID
	head     chain.Head
	bytes    []byte
}

// orderedFault is a fault with the place of the item that showed it.
type orderedFault struct {
	order int
	fault *Fault
}

// signatures checks signatures beside the rest. Which check fails first depends
// on the machine, which one is reported does not: the one of the earliest item.
type signatures struct {
	jobs   chan signatureJob
	done   sync.WaitGroup
	wrong  atomic.Bool
	mutex  sync.Mutex
	lowest *orderedFault
}

type signatureJob struct {
	signature
	orderedFault
}

// jobsWaiting is how many signatures may wait to be checked.
const jobsWaiting = 1024

func startSignatures(workers int) *signatures {
	s := &signatures{jobs: make(chan signatureJob, jobsWaiting)}
	for range workers {
		s.done.Go(s.work)
	}
	return s
}

func (s *signatures) work() {
	for job := range s.jobs {
		err := chain.VerifyHead(job.key, job.campaign, job.device, job.head, job.bytes)
		if err == nil {
			continue
		}
		s.mutex.Lock()
		if s.lowest == nil || job.order < s.lowest.order {
			s.lowest = &orderedFault{job.order, job.fault}
		}
		s.mutex.Unlock()
		s.wrong.Store(true)
	}
}

// check has a signature of the item at a place checked some time.
func (s *signatures) check(order int, sig signature, fault *Fault) {
	s.jobs <- signatureJob{sig, orderedFault{order, fault}}
}

// failed says that some signature does not verify: no need to go on.
func (s *signatures) failed() bool { return s.wrong.Load() }

// first waits for all checks and gives the earliest that failed, or nil.
func (s *signatures) first() *orderedFault {
	close(s.jobs)
	s.done.Wait()
	return s.lowest
}

package broker

import (
	"log/slog"

	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kfake"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// refuseUnsafe makes a broker with a directory answer POLICY_VIOLATION to the
// requests after which kfake could not keep its promise:
//
//   - DeleteRecords: the new start of the log would not survive a kill, and when
//     every record is deleted, offsets begin at 0 again after any restart.
//   - settings of the broker: log.cleaner.backoff.ms would let kfake's cleaner run.
func refuseUnsafe(c *kfake.Cluster, log *slog.Logger) {
	refuse := func(answer func(kmsg.Request) kmsg.Response) func(kmsg.Request) (kmsg.Response, error, bool) {
		return func(req kmsg.Request) (kmsg.Response, error, bool) {
			c.KeepControl()
			resp := answer(req)
			if resp != nil {
				log.Warn("broker: refused a request that the data directory could not honour", "request", kmsg.NameForKey(req.Key()))
			}
			return resp, nil, resp != nil
		}
	}
	c.ControlKey(int16(kmsg.DeleteRecords), refuse(refusedDeleteRecords))
	c.ControlKey(int16(kmsg.AlterConfigs), refuse(refusedAlterConfigs))
	c.ControlKey(int16(kmsg.IncrementalAlterConfigs), refuse(refusedIncrementalAlterConfigs))
}

func refusedDeleteRecords(r kmsg.Request) kmsg.Response {
	req := r.(*kmsg.DeleteRecordsRequest)
	resp := req.ResponseKind().(*kmsg.DeleteRecordsResponse)
	for _, t := range req.Topics {
		st := kmsg.NewDeleteRecordsResponseTopic()
		st.Topic = t.Topic
		for _, p := range t.Partitions {
			sp := kmsg.NewDeleteRecordsResponseTopicPartition()
			sp.Partition, sp.ErrorCode = p.Partition, kerr.PolicyViolation.Code
			st.Partitions = append(st.Partitions, sp)
		}
		resp.Topics = append(resp.Topics, st)
	}
	return resp
}

// refusedAlterConfigs refuses the whole of a request that names the broker, nil when it
// names topics and groups only.
func refusedAlterConfigs(r kmsg.Request) kmsg.Response {
	req := r.(*kmsg.AlterConfigsRequest)
	resp := req.ResponseKind().(*kmsg.AlterConfigsResponse)
	refused := false
	for _, rr := range req.Resources {
		st := kmsg.NewAlterConfigsResponseResource()
		st.ResourceType, st.ResourceName, st.ErrorCode = rr.ResourceType, rr.ResourceName, kerr.PolicyViolation.Code
		resp.Resources = append(resp.Resources, st)
		refused = refused || rr.ResourceType == kmsg.ConfigResourceTypeBroker
	}
	if !refused {
		return nil
	}
	return resp
}

// refusedIncrementalAlterConfigs is refusedAlterConfigs for the newer request.
func refusedIncrementalAlterConfigs(r kmsg.Request) kmsg.Response {
	req := r.(*kmsg.IncrementalAlterConfigsRequest)
	resp := req.ResponseKind().(*kmsg.IncrementalAlterConfigsResponse)
	refused := false
	for _, rr := range req.Resources {
		st := kmsg.NewIncrementalAlterConfigsResponseResource()
		st.ResourceType, st.ResourceName, st.ErrorCode = rr.ResourceType, rr.ResourceName, kerr.PolicyViolation.Code
		resp.Resources = append(resp.Resources, st)
		refused = refused || rr.ResourceType == kmsg.ConfigResourceTypeBroker
	}
	if !refused {
		return nil
	}
	return resp
}

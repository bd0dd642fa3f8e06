package topology

import (
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

// leaderTakesAll gives every partition of every topic to the group's leader. A coordinator keeps its leader
// until that member leaves, so a member that joins takes nothing away; the built-in balancers would move
// partitions to it, and could give each topic to another member.
type leaderTakesAll struct{}

// ProtocolName is what members must agree on to be in one group.
func (leaderTakesAll) ProtocolName() string { return "ttpstream-leader" }

// IsCooperative is false: a member gives everything up before the next gets it.
func (leaderTakesAll) IsCooperative() bool { return false }

// JoinGroupMetadata says what the member wants to read.
func (leaderTakesAll) JoinGroupMetadata(topics []string, _ map[string][]int32, _ int32) []byte {
	meta := kmsg.NewConsumerMemberMetadata()
	meta.Topics = topics
	return meta.AppendTo(nil)
}

// ParseSyncAssignment reads what the member was given.
func (leaderTakesAll) ParseSyncAssignment(assignment []byte) (map[string][]int32, error) {
	return kgo.ParseConsumerSyncAssignment(assignment)
}

// MemberBalancer prepares the plan.
func (b leaderTakesAll) MemberBalancer(members []kmsg.JoinGroupResponseMember) (kgo.GroupMemberBalancer, map[string]struct{}, error) {
	balancer, err := kgo.NewConsumerBalancer(b, members)
	return balancer, balancer.MemberTopics(), err
}

// Balance makes the plan.
func (leaderTakesAll) Balance(b *kgo.ConsumerBalancer, topics map[string]int32) kgo.IntoSyncAssignment {
	plan := b.NewPlan()
	b.EachMember(func(member *kmsg.JoinGroupResponseMember, _ *kmsg.ConsumerMemberMetadata) {
		if member.MemberID != b.Info().LeaderID {
			return
		}
		for topic, partitions := range topics {
			for p := range partitions {
				plan.AddPartition(member, topic, p)
			}
		}
	})
	return plan
}

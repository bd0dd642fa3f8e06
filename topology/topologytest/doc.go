// Package topologytest runs tests on brokers: the embedded one, and a real Apache Kafka where there is one.
//
//	func TestSomething(t *testing.T) {
//		topologytest.OnBrokers(t, func(t *testing.T, c topology.Cluster) {
//			topologytest.Provision(t, c, topology.Candidate, topology.Tagged)
//			…
//		})
//	}
//
// The environment variable TTPSTREAM_KAFKA holds the address of the real one (a comma list of host:port).
// Without it the test is skipped on Kafka, loudly and by name; when TTPSTREAM_REQUIRE contains "kafka" it fails
// instead, which is what continuous integration sets. kafka.sh in this folder installs and starts a real Kafka.
//
// On Kafka every test has a namespace of its own, deleted when it ends, so tests may run at the same time and a
// broker may be used again.
package topologytest

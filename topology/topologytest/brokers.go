package topologytest

import (
	"context"
	"crypto/rand"
	"os"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/topology"
	"github.com/ttpstream/ttpstream/topology/broker"
)

const (
	// EnvKafka names the variable with the addresses of a real Kafka, host:port, separated by commas.
	EnvKafka = "TTPSTREAM_KAFKA"
	// EnvRequire names the variable with the services whose absence is a failure, separated by commas.
	EnvRequire = "TTPSTREAM_REQUIRE"
	// Partitions is how many partitions copartitioned topics have in tests.
	Partitions = 4
)

// cleanupTimeout bounds what a test spends on removing its topics; a broker that does not answer by then is no
// longer there.
const cleanupTimeout = 30 * time.Second

// OnBrokers runs f as two subtests, "embedded" and "kafka", in parallel with others.
func OnBrokers(t *testing.T, f func(t *testing.T, c topology.Cluster)) {
	t.Helper()
	t.Run("embedded", func(t *testing.T) {
		t.Parallel()
		f(t, Embedded(t))
	})
	t.Run("kafka", func(t *testing.T) {
		t.Parallel()
		f(t, Kafka(t))
	})
}

// Embedded starts an embedded broker in memory for the test and stops it afterwards.
func Embedded(t testing.TB) topology.Cluster {
	t.Helper()
	b, err := broker.Start(t.Context(), broker.Options{Logger: Logger(t)})
	if err != nil {
		t.Fatalf("starting the embedded broker: %v", err)
	}
	t.Cleanup(func() {
		if err := b.Close(); err != nil {
			t.Errorf("stopping the embedded broker: %v", err)
		}
	})
	return cluster(t, b.Addrs())
}

// Kafka returns a namespace of its own on the Kafka that TTPSTREAM_KAFKA names. Without one the test is
// skipped, or fails when TTPSTREAM_REQUIRE asks for it.
func Kafka(t testing.TB) topology.Cluster {
	t.Helper()
	addrs := os.Getenv(EnvKafka)
	if addrs == "" {
		Missing(t, "kafka", "no Apache Kafka: "+EnvKafka+" is not set (topology/topologytest/kafka.sh start)")
	}
	c := cluster(t, strings.Split(addrs, ","))
	c.Namespace = "test-" + strings.ToLower(rand.Text()[:12])
	t.Cleanup(func() { deleteNamespace(t, c) })
	return c
}

// Provision makes the topics, all of the map when none is given.
func Provision(t testing.TB, c topology.Cluster, topics ...topology.Topic) {
	t.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	if err := Admin(t, c).Provision(ctx, topics...); err != nil {
		t.Fatalf("provisioning: %v", err)
	}
}

// Admin returns an Admin that is closed when the test ends.
func Admin(t testing.TB, c topology.Cluster) *topology.Admin {
	t.Helper()
	admin, err := topology.NewAdmin(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(admin.Close)
	return admin
}

// Producer returns a Producer that is closed when the test ends.
func Producer(t testing.TB, c topology.Cluster) *topology.Producer {
	t.Helper()
	p, err := topology.NewProducer(c)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(p.Close)
	return p
}

func cluster(t testing.TB, brokers []string) topology.Cluster {
	return topology.Cluster{
		Brokers:           brokers,
		Partitions:        Partitions,
		ReplicationFactor: 1,
		Logger:            Logger(t),
	}
}

func deleteNamespace(t testing.TB, c topology.Cluster) {
	ctx, cancel := context.WithTimeout(context.Background(), cleanupTimeout)
	defer cancel()
	admin, err := topology.NewAdmin(c)
	if err != nil {
		t.Error(err)
		return
	}
	defer admin.Close()
	if err := admin.DeleteNamespace(ctx); err != nil {
		t.Errorf("cleaning up %s: %v", c.Namespace, err)
	}
}

// Missing ends a test that cannot run: a skip that says so by name, or a failure where the service was
// promised.
func Missing(t testing.TB, service, why string) {
	t.Helper()
	for required := range strings.SplitSeq(os.Getenv(EnvRequire), ",") {
		if strings.TrimSpace(required) == service {
			t.Fatalf("%s is required (%s=%s) and missing: %s", service, EnvRequire, os.Getenv(EnvRequire), why)
		}
	}
	t.Skipf("SKIPPED %s: %s", t.Name(), why)
}

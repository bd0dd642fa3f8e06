package topology

import (
	"fmt"
	"hash"
	"hash/fnv"
	"log/slog"
	"time"

	"github.com/IBM/sarama"
	"github.com/lovoo/goka"
	"github.com/lovoo/goka/storage"
)

// Storage makes the local copy of one partition of a group table.
type Storage = storage.Builder

// MemoryStorage keeps tables in memory. It sorts all keys again at every new one: fit for tests and a few
// thousand keys.
func MemoryStorage() Storage { return storage.MemoryBuilder() }

// DiskStorage keeps tables as LevelDB folders under dir, one per partition. After a restart only what was
// written since is read from the changelog.
func DiskStorage(dir string) Storage { return storage.DefaultBuilder(dir) }

// ProcessorOptions are the options every goka processor is made with, in production and in tests; options given
// after these win. store keeps the group table; a group without one never calls it. watch sees how far the
// group comes; it may be nil.
//
// The logger gets goka's own messages at Debug: what matters comes back as the error of Run.
func ProcessorOptions(c Cluster, store Storage, watch *Watch) ([]goka.ProcessorOption, error) {
	c, err := c.ready()
	if err != nil {
		return nil, err
	}
	return []goka.ProcessorOption{
		goka.WithClientID(c.ClientID),
		goka.WithHasher(newHash),
		goka.WithStorageBuilder(store),
		goka.WithConsumerGroupBuilder(orderedGroups(c, watch)),
		goka.WithProducerBuilder(func(brokers []string, clientID string, hasher func() hash.Hash32) (goka.Producer, error) {
			return goka.ProducerBuilderWithConfig(saramaConfig(c))(brokers, clientID, hasher)
		}),
		goka.WithConsumerSaramaBuilder(func(brokers []string, clientID string) (sarama.Consumer, error) {
			return goka.SaramaConsumerBuilderWithConfig(saramaConfig(c))(brokers, clientID)
		}),
		goka.WithTopicManagerBuilder(topicManager(c)),
		// The default drops nil values unseen. A nil in a fact topic is malformed, and the codec says so.
		goka.WithNilHandling(goka.NilDecode),
		// The default waits 10 s more at every try to recover a table, up to 2 min.
		goka.WithBackoffBuilder(func() (goka.Backoff, error) { return goka.NewSimpleBackoff(time.Second, 15*time.Second), nil }),
		goka.WithLogger(gokaLog{c.Logger}),
	}, nil
}

// orderedGroups makes consumer groups that commit in order; see orderedGroup.
func orderedGroups(c Cluster, watch *Watch) goka.ConsumerGroupBuilder {
	return func(brokers []string, group, clientID string) (sarama.ConsumerGroup, error) {
		cfg := saramaConfig(c)
		cfg.ClientID = clientID
		client, err := sarama.NewClient(brokers, cfg)
		if err != nil {
			return nil, fmt.Errorf("group %s: connecting: %w", group, err)
		}
		inner, err := sarama.NewConsumerGroupFromClient(group, client)
		if err != nil {
			client.Close()
			return nil, fmt.Errorf("group %s: %w", group, err)
		}
		return newOrderedGroup(inner, client, group, c.Logger, defaultClaimLimits, watch), nil
	}
}

// topicManager looks topics up and never makes one: a topic made by goka has settings nobody chose. What exists
// is checked by [Admin.Verify], so goka's own comparison, which knows less, is off.
func topicManager(c Cluster) goka.TopicManagerBuilder {
	return func(brokers []string) (goka.TopicManager, error) {
		cfg := goka.NewTopicManagerConfig()
		cfg.NoCreate = true
		cfg.MismatchBehavior = goka.TMConfigMismatchBehaviorIgnore
		return goka.NewTopicManager(brokers, saramaConfig(c), cfg)
	}
}

// newHash is the hash of keys: FNV-1a, 32 bits. fnv32a is the same for franz-go.
func newHash() hash.Hash32 { return fnv.New32a() }

func fnv32a(key []byte) uint32 {
	h := fnv.New32a()
	h.Write(key)
	return h.Sum32()
}

// gokaLog sends goka's messages to slog.
type gokaLog struct{ log *slog.Logger }

func (l gokaLog) Print(args ...any)   { l.log.Debug("goka", "message", fmt.Sprint(args...)) }
func (l gokaLog) Println(args ...any) { l.log.Debug("goka", "message", fmt.Sprint(args...)) }
func (l gokaLog) Printf(format string, args ...any) {
	l.log.Debug("goka", "message", fmt.Sprintf(format, args...))
}

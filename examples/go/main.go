// consumer TOPIC GROUP [SINCE] prints the events of a public topic in JSON, one a line: headers, and value as data.
// GROUP goes on where it was. One that is new begins at SINCE (2026-01-31T12:00:00Z), or with the oldest event there is.
package main

import (
	"context"
	"encoding/binary"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"strings"
	"time"

	"github.com/twmb/avro"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/scram"
	"github.com/twmb/franz-go/pkg/sr"
)

func main() {
	since := must(time.Parse(time.RFC3339, append(os.Args, "1970-01-01T00:00:00Z")[3]))
	options := []kgo.Opt{
		kgo.SeedBrokers(strings.Split(os.Getenv("KAFKA_BROKERS"), ",")...), kgo.ConsumeTopics(os.Args[1]),
		kgo.ConsumerGroup(os.Args[2]), kgo.SessionTimeout(6 * time.Second), kgo.AutoCommitInterval(time.Second),
		kgo.ConsumeStartOffset(kgo.NewOffset().AfterMilli(since.UnixMilli())), kgo.FetchIsolationLevel(kgo.ReadCommitted()),
	}
	if user, ok := os.LookupEnv("KAFKA_USERNAME"); ok {
		options = append(options, kgo.SASL(scram.Auth{User: user, Pass: os.Getenv("KAFKA_PASSWORD")}.AsSha512Mechanism()))
	}
	client, registry := must(kgo.NewClient(options...)), must(sr.NewClient(sr.URLs(os.Getenv("SCHEMA_REGISTRY_URL"))))
	// What a poll has brought is committed after the next one: what was not yet when it crashed comes again.
	for schemas := map[int]*avro.Schema{}; ; {
		fetches := client.PollFetches(context.Background())
		fetches.EachError(func(_ string, _ int32, err error) { log.Print(err) }) // It tries again by itself.
		for record := range fetches.RecordsAll() {
			if record.Timestamp.Before(since) {
				continue
			}
			id, event, data := int(binary.BigEndian.Uint32(record.Value[1:])), map[string]any{}, any(nil)
			for _, header := range record.Headers {
				event[header.Key] = string(header.Value)
			}
			if schemas[id] == nil {
				schemas[id] = must(avro.Parse(must(registry.SchemaByID(context.Background(), id)).Schema))
			}
			must(schemas[id].Decode(record.Value[5:], &data))
			event["data"] = json.RawMessage(must(schemas[id].EncodeJSON(data)))
			fmt.Println(string(must(json.Marshal(event))))
		}
	}
}

func must[T any](value T, err error) T {
	if err != nil {
		log.Fatal(err)
	}
	return value
}

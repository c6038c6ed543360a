// SPDX-License-Identifier: Apache-2.0
import Foundation
import Testing

/// A text in Prometheus's format, version 0.0.4, read as strictly as the format is described: each metric has
/// one HELP and one TYPE before its samples, its samples stand together, and none comes twice.
struct PrometheusMetrics {
    private var samples: [String: Double] = [:]

    /// Reads a text; what is against the format is an issue of the test.
    init(_ text: String) throws {
        try #require(text.hasSuffix("\n"), "the last line has no end")
        var types: [String: Substring] = [:]
        var helped: Set<String> = []
        var current = ""
        let sample = try Regex(
            #"([a-zA-Z_:][a-zA-Z0-9_:]*)(?:\{((?:[a-zA-Z_][a-zA-Z0-9_]*="(?:[^"\\\n]|\\[\\n"])*",?)*)\})? (\S+)"#,
            as: (Substring, Substring, Substring?, Substring).self)
        for line in text.split(separator: "\n") {
            let words = line.split(separator: " ", maxSplits: 3)
            if line.hasPrefix("#") {
                try #require(words.count == 4, "\(line)")
                let name = String(words[2])
                if words[1] == "HELP" {
                    #expect(helped.insert(name).inserted, "HELP twice: \(name)")
                } else {
                    #expect(words[1] == "TYPE" && helped.contains(name), "\(line)")
                    #expect(types.updateValue(words[3], forKey: name) == nil, "TYPE twice")
                    #expect(["counter", "gauge"].contains(words[3]), "\(line)")
                    #expect(words[3] != "counter" || name.hasSuffix("_total"), "\(line)")
                    current = name
                }
                continue
            }
            let match = try #require(try sample.wholeMatch(in: line), "no sample: \(line)").output
            #expect(match.1 == current, "\(match.1) stands among samples of \(current)")
            let value = try #require(Double(match.3), "\(line)")
            #expect(value.isFinite && value >= 0, "\(line)")
            let key = "\(match.1){\(match.2 ?? "")}"
            #expect(samples.updateValue(value, forKey: key) == nil, "twice: \(key)")
        }
        #expect(!samples.isEmpty)
    }

    /// The sample without labels.
    subscript(name: String) -> Double? { samples["\(name){}"] }

    /// The sample with one label.
    subscript(name: String, label: String, value: String) -> Double? {
        samples["\(name){\(label)=\"\(value)\"}"]
    }
}

// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// Metrics in Prometheus's text format, version 0.0.4, as node_exporter's textfile collector reads them.
struct PrometheusText {
    /// The kinds of metric that are used here.
    enum Kind: String { case counter, gauge }

    /// A value with the labels that tell it from others of its metric.
    typealias Sample = (labels: [(name: String, value: String)], value: Double)

    /// The lines so far, each with its end.
    private(set) var text = ""

    /// Adds a metric with a sample for each set of labels; one without samples is left out.
    ///
    /// Names of metrics and labels are taken as they are; values of labels are escaped.
    mutating func add(
        _ name: String, _ help: String,
        _ samples: [Sample],
        as kind: Kind = .gauge
    ) {
        guard !samples.isEmpty else { return }
        text += "# HELP \(name) \(Self.escaped(help, quotes: false))\n"
        text += "# TYPE \(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map {
                "\($0.name)=\"\(Self.escaped($0.value, quotes: true))\""
            }
            let list = labels.isEmpty ? "" : "{\(labels.joined(separator: ","))}"
            text += "\(name)\(list) \(Self.number(sample.value))\n"
        }
    }

    /// Adds a metric of one sample without labels.
    mutating func add(_ name: String, _ help: String, _ value: Double, as kind: Kind = .gauge) {
        add(name, help, [(labels: [], value: value)], as: kind)
    }

    /// Puts the lines into a file by one rename, for everybody to read, since the collector has an account of
    /// its own. Nothing of it is kept from anybody: metrics hold counts, ages and codes.
    func write(to path: FilePath) throws {
        let name = path.lastName?.escaped ?? "metrics"
        // The collector takes names that end in .prom; this one does not.
        let temporary = path.parent.appending(".\(name).\(UUID().uuidString.prefix(8)).tmp")
        do {
            try DiskFiles().write(Data(text.utf8), to: temporary)
            try FileManager.default.setAttributes(
                [.posixPermissions: 0o644], ofItemAtPath: temporary.text ?? temporary.description)
            try DiskFiles().replace(path, with: temporary)
        } catch {
            try? DiskFiles().remove(temporary)
            throw error
        }
    }

    private static func escaped(_ text: String, quotes: Bool) -> String {
        let plain = text.replacing("\\", with: "\\\\").replacing("\n", with: "\\n")
        return quotes ? plain.replacing("\"", with: "\\\"") : plain
    }

    private static func number(_ value: Double) -> String {
        Int64(exactly: value).map(String.init) ?? String(value)
    }
}

// SPDX-License-Identifier: Apache-2.0
import DurableFiles
package import Foundation
import HTMLReports
import JSONFiles

/// How time and memory of training grow with the length of rows and the size of the model.
package struct GrowthMeasurement: Codable, Hashable, Sendable {
    /// One measured setting.
    package struct Point: Codable, Hashable, Sendable {
        /// Tokens of a row.
        package var context: Int
        /// Numbers that are trained.
        package var parameters: Int
        /// Tokens read in a second.
        package var tokensPerSecond: Double
        /// Bytes for weights, moments, gradients and all values of a pass.
        package var memoryBytes: Int

        /// All that was measured.
        package init(
            context: Int, parameters: Int, tokensPerSecond: Double, memoryBytes: Int
        ) {
            (self.context, self.parameters) = (context, parameters)
            (self.tokensPerSecond, self.memoryBytes) = (tokensPerSecond, memoryBytes)
        }

        private enum CodingKeys: String, CodingKey {
            case context, parameters
            case tokensPerSecond = "tokens_per_second"
            case memoryBytes = "memory_bytes"
        }
    }

    /// The same model with rows of several lengths.
    package var lengths: [Point]
    /// Models of several sizes with rows of one length.
    package var sizes: [Point]
    /// Threads that computed.
    package var threads: Int
    /// Tokens of a step.
    package var batchTokens: Int

    private enum CodingKeys: String, CodingKey {
        case lengths, sizes, threads
        case batchTokens = "batch_tokens"
    }

    /// All that was measured.
    package init(lengths: [Point], sizes: [Point], threads: Int, batchTokens: Int) {
        (self.lengths, self.sizes, self.threads) = (lengths, sizes, threads)
        self.batchTokens = batchTokens
    }

    /// What was measured for the run in a directory; nil where nothing was.
    ///
    /// Throws `FileError`, or ``TrainingError/unreadable(file:)``.
    package init?(of url: URL) throws {
        let file = Self.file(of: url)
        guard try DiskFiles().facts(of: FilePath(file)) != nil else { return nil }
        let content = try DiskFiles().read(FilePath(file), maximumBytes: 1 << 20)
        guard let found = try? JSONDecoder().decode(Self.self, from: content) else {
            throw TrainingError.unreadable(file: FilePath(file).description)
        }
        self = found
    }

    private static func file(of url: URL) -> URL { url.appending(path: "scaling.json") }

    /// Keeps it with the run in a directory, whose report then shows it.
    package func write(to url: URL) throws {
        try DiskFiles().write(
            JSONEncoder.sorted(.prettyPrinted).encode(self), to: FilePath(Self.file(of: url)))
    }

    /// By which power of the length, or of the size, the time of a token grows; nil for one point.
    ///
    /// The slope of the least-squares line through the logarithms.
    package static func exponent(
        _ points: [Point], _ x: KeyPath<Point, Int>
    ) -> Double? {
        let logs = points.map { (log(Double($0[keyPath: x])), -log($0.tokensPerSecond)) }
        let count = Double(logs.count)
        let mean = logs.reduce((0, 0)) { ($0.0 + $1.0 / count, $0.1 + $1.1 / count) }
        let spread = logs.reduce(0) { $0 + ($1.0 - mean.0) * ($1.0 - mean.0) }
        guard spread > 0 else { return nil }
        return logs.reduce(0) { $0 + ($1.0 - mean.0) * ($1.1 - mean.1) } / spread
    }

    /// The part of a report that shows it.
    package var html: String {
        [
            "<h2>How time grows</h2>",
            part("Row length", "tokens of a row", lengths, \.context),
            part("Model size", "parameters", sizes, \.parameters),
            "<p>Steps of \(batchTokens) random tokens on \(threads) threads.</p>",
        ].filter { !$0.isEmpty }.joined(separator: "\n")
    }

    /// A page of its own.
    package var page: String { HTML.page("How training time grows", [html]) }

    private func part(
        _ title: String, _ xName: String, _ points: [Point], _ x: KeyPath<Point, Int>
    ) -> String {
        guard !points.isEmpty else { return "" }
        func chart(_ what: String, _ y: (Point) -> Double) -> String {
            LineChart(
                title: "\(title): \(what)", xName: xName,
                series: [
                    LineChart.Series(
                        name: what, colour: 1,
                        points: points.map { (Double($0[keyPath: x]), y($0)) }, marks: true)
                ], xByFactors: true
            ).svg
        }
        let growth = Self.exponent(points, x).map {
            "<p>The time of a token grows with the power \(String(format: "%.2f", $0)) "
                + "of the \(title.lowercased()).</p>"
        }
        let table = HTML.table(
            [xName, "tokens a second", "seconds for 1,000 tokens", "memory (MiB)"],
            points.map {
                [
                    "\($0[keyPath: x])", HTML.short($0.tokensPerSecond),
                    String(format: "%.3f", 1000 / $0.tokensPerSecond), "\($0.memoryBytes >> 20)",
                ]
            })
        return [
            chart("seconds for 1,000 tokens") { 1000 / $0.tokensPerSecond },
            chart("tokens a second", \.tokensPerSecond),
            chart("memory (MiB)") { Double($0.memoryBytes >> 20) }, growth ?? "", table,
        ].joined(separator: "\n")
    }
}

// SPDX-License-Identifier: Apache-2.0
import HTMLReports

/// A manifest as a page for people.
package struct ManifestPage {
    private let manifest: CorpusManifest

    /// The page of a manifest.
    package init(_ manifest: CorpusManifest) { self.manifest = manifest }

    /// The page, which needs no other file.
    package var html: String {
        HTML.page(
            "Corpus \(manifest.name)",
            [summary, shares, sources, filters, undisclosed, files, settings])
    }

    private var total: SourceTally { manifest.total }

    private var summary: String {
        let kept = total.kept
        let tokens = kept.tokens.map { ", \(HTML.short(Double($0))) tokens" } ?? ""
        return """
            <p>\(kept.documents) documents of \(total.read.documents), \
            \(HTML.short(Double(kept.characters))) characters\(tokens), \
            \(HTML.short(Double(kept.bytes))) bytes of text. Made by \
            \(HTML.escaped(manifest.program)).</p>
            """
    }

    private var shares: String {
        let byTokens = manifest.tokenizer != nil
        return PieChart(
            title: byTokens ? "Tokens by source" : "Characters by source",
            parts: manifest.sources.map { source in
                let kept = source.tally.kept
                let value = byTokens ? kept.tokens ?? 0 : kept.characters
                return ChartNumber(
                    source.name, Double(value), text: HTML.short(Double(value)))
            }
        ).svg
    }

    private var sources: String {
        "<h2>Sources</h2>"
            + HTML.table(
                ["Source", "Address", "Licence", "Documents read", "kept", "Bytes read", "kept"]
                    + (manifest.tokenizer == nil ? [] : ["Tokens read", "kept"]),
                manifest.sources.map { source in
                    let tally = source.tally
                    return [
                        source.name, source.address ?? "undisclosed",
                        source.licence ?? "undisclosed", "\(tally.read.documents)",
                        "\(tally.kept.documents)", HTML.short(Double(tally.read.bytes)),
                        HTML.short(Double(tally.kept.bytes)),
                    ]
                        + (manifest.tokenizer == nil
                            ? []
                            : [tally.read, tally.kept].map { HTML.short(Double($0.tokens ?? 0)) })
                })
    }

    private var filters: String {
        let steps = total.steps(manifest.filters)
        let chart = BarChart(
            title: "Bytes taken out by each filter",
            bars: steps.map {
                ChartNumber(
                    $0.filter.rawValue, Double($0.removed.bytes),
                    text: HTML.short(Double($0.removed.bytes)))
            })
        let rows = steps.map { step in
            [
                step.filter.rawValue, "\(step.removed.documents)",
                HTML.short(Double(step.removed.characters)), "\(step.left.documents)",
                HTML.short(Double(step.left.characters)),
            ] + (step.left.tokens.map { [HTML.short(Double($0))] } ?? [])
        }
        let table = HTML.table(
            ["Filter", "Documents out", "Characters out", "Documents left", "Characters left"]
                + (manifest.tokenizer == nil ? [] : ["Tokens left"]), rows)
        let sentences =
            total.sentences == 0
            ? ""
            : "<p>\(total.sentences) repeated sentences were taken out of documents that stay.</p>"
        let malformed =
            total.malformed == 0
            ? "" : "<p>\(total.malformed) records could not be read and were passed over.</p>"
        return "<h2>Filters</h2>" + chart.svg + table + sentences + malformed
    }

    private var undisclosed: String {
        let rows = manifest.undisclosed.map { [$0.name, $0.lacking] }
        return rows.isEmpty ? "" : "<h2>Not disclosed</h2>" + HTML.table(["Source", "Lacks"], rows)
    }

    private var files: String {
        "<h2>Files</h2><details><summary>Files of the sources and of the corpus</summary>"
            + HTML.table(
                ["Source", "File", "Bytes", "SHA-256"],
                manifest.sources.flatMap { source in
                    source.files.map { [source.name, $0.file, "\($0.bytes)", $0.sha256] }
                })
            + HTML.table(
                ["File", "Documents", "Bytes", "SHA-256"],
                manifest.shards.map { [$0.file, "\($0.documents)", "\($0.bytes)", $0.sha256] })
            + "</details>"
    }

    private var settings: String {
        "<h2>Settings</h2>"
            + HTML.table(
                ["Name", "Value"],
                manifest.settings.sorted { $0.key < $1.key }.map { [$0.key, $0.value] })
    }
}

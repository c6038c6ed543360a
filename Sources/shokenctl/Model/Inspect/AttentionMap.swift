// SPDX-License-Identifier: Apache-2.0
import Foundation
import HTMLReports
import ResultStore
import Tensors

/// Texts laid end to end in one row.
struct PackedTexts {
    let ids: [Int32]
    /// The piece of each token.
    let pieces: [String]
    /// Positions of tokens that end a text.
    let boundaries: [Int]
    /// Texts that are in the row, at least in part.
    let texts: Int
    /// Tokens that the row has no room for.
    let cut: Int

    /// The row of some texts, at most so long, each ended by `end`.
    init(_ texts: [[Int32]], end: Int32, most: Int, piece: (Int32) -> String) {
        let all = texts.flatMap { $0 + [end] }
        ids = Array(all.prefix(most))
        cut = all.count - ids.count
        pieces = ids.map(piece)
        var ends: [Int] = []
        for text in texts { ends.append((ends.last ?? -1) + text.count + 1) }
        boundaries = ends.filter { [ids] in $0 < ids.count }
        self.texts =
            ends.enumerated().filter { [ids] index, _ in
                (index == 0 ? 0 : ends[index - 1] + 1) < ids.count
            }.count
    }

    /// The number of the text that a position is in, its end included.
    func text(at position: Int) -> Int { boundaries.filter { $0 < position }.count }
}

/// The weights of one layer.
struct AttentionLayer {
    /// From 1.
    let number: Int
    /// (T, T), rows are queries.
    let weights: Tensor
}

/// What the tokens of a row attend to, as a page, CSV and JSON.
struct AttentionMap {
    let model: String
    let row: PackedTexts
    let layers: [AttentionLayer]
    let head: Int?

    static let columns = ["LAYER", "TO ITS OWN TEXT", "IF TO ALL ALIKE"]

    /// One line about the row.
    var summary: String {
        let cut = row.cut > 0 ? "; \(row.cut) tokens are cut off" : ""
        return "\(row.ids.count) tokens of \(row.texts) texts\(cut); "
            + (head.map { "head \($0)" } ?? "the mean of all heads")
    }

    /// The layers as rows of a table.
    var rows: [[String]] {
        layers.map { layer in
            let shares = shares(layer)
            return ["\(layer.number)"]
                + [shares?.own, shares?.alike].map { $0.map { String(format: "%.3f", $0) } ?? "-" }
        }
    }

    /// The mean share of its attention that a token gives to its own text, and what it would give if it attended to
    /// all that it sees alike; of the tokens that see another text, nil where none does.
    private func shares(_ layer: AttentionLayer) -> (own: Double, alike: Double)? {
        let count = row.ids.count
        let texts = row.ids.indices.map { row.text(at: $0) }
        var (own, alike, counted) = (0.0, 0.0, 0)
        for query in 0..<count {
            let seen = (0..<count).filter { layer.weights.values[query * count + $0] > 0 }
            let ownKeys = seen.filter { texts[$0] == texts[query] }
            guard ownKeys.count < seen.count else { continue }
            counted += 1
            own += ownKeys.reduce(0) { $0 + Double(layer.weights.values[query * count + $1]) }
            alike += Double(ownKeys.count) / Double(seen.count)
        }
        guard counted > 0 else { return nil }
        return (own / Double(counted), alike / Double(counted))
    }

    /// The page, which needs no other file.
    var html: String {
        HTML.page(
            "Attention of \(model)",
            [
                "<p>\(HTML.escaped(summary)). Rows are queries, columns keys; lines stand after the "
                    + "tokens that end a text. The darker, the more a token attends to another.</p>",
                HTML.table(Self.columns, rows),
            ]
                + layers.map { layer in
                    HeatMap(
                        title: "Layer \(layer.number)", count: row.ids.count,
                        weights: layer.weights.values,
                        boundaries: row.boundaries.map { ($0, "\($0): \(row.pieces[$0])") }
                    ).svg
                })
    }

    /// The weights above 0, a row a pair.
    var csv: Data {
        get throws {
            let count = row.ids.count
            let table = ResultTable(
                columns: ["layer", "query", "key", "query_token", "key_token", "weight"],
                rows: layers.flatMap { layer in
                    (0..<count * count).filter { layer.weights.values[$0] > 0 }.map { place in
                        let (query, key) = (place / count, place % count)
                        return [
                            .integer(Int64(layer.number)), .integer(Int64(query)),
                            .integer(Int64(key)), .text(row.pieces[query]),
                            .text(row.pieces[key]), .real(Double(layer.weights.values[place])),
                        ]
                    }
                })
            return Data(
                try ResultFormat.csv.records(of: table).map { $0 + "\n" }.joined().utf8)
        }
    }

    struct Report: Encodable {
        struct Layer: Encodable {
            let layer: Int
            let own_text: Double?
            let alike: Double?
        }

        let model: String
        let tokens: Int
        let texts: Int
        let cut: Int
        let boundaries: [Int]
        let layers: [Layer]
    }

    /// What is printed as JSON.
    var report: Report {
        Report(
            model: model, tokens: row.ids.count, texts: row.texts, cut: row.cut,
            boundaries: row.boundaries,
            layers: layers.map { layer in
                let shares = shares(layer)
                return Report.Layer(
                    layer: layer.number, own_text: shares?.own, alike: shares?.alike)
            })
    }
}

// SPDX-License-Identifier: Apache-2.0
import ClinicalTypes
import Foundation
import Glibc
import ResultStore

/// Fills a database with invented documents, and measures at each size what one more costs the daemon beside the
/// model; prints a line of JSON for each size. usage: recording DATABASE SIZE…
@main
struct Recording {
    /// So many documents come together, as the daemon takes them.
    private static let batch = 16
    private static let batches = 60

    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        let sizes = arguments.dropFirst().compactMap { Int($0) }
        guard let path = arguments.first, sizes.count == arguments.count - 1, !sizes.isEmpty else {
            exit(64)
        }
        let store = try ResultDatabase(file: URL(filePath: path))
        // A database that is there already is gone on with.
        var documents = InventedDocuments(
            count: Int(try store.precedents(of: [], candidateLimit: 0).lastDocument))
        for size in sizes {
            let begin = Instant()
            while documents.count < size {
                _ = try record(documents.next(min(1000, size - documents.count)), in: store)
            }
            let filling = Instant().since(begin).wall
            let line = try measure(documents.count, &documents, in: store, filling: filling, path)
            try FileHandle.standardOutput.write(contentsOf: Data((line + "\n").utf8))
        }
    }

    private static func measure(
        _ size: Int, _ documents: inout InventedDocuments, in store: ResultDatabase,
        filling: Double, _ path: String
    ) throws -> String {
        var (looked, written, again) = ([Instant.Cost](), [Instant.Cost](), [Instant.Cost]())
        // The first batches pay for pages that the filling has left in no cache of this process.
        for round in -5..<batches {
            let files = documents.next(batch)
            let cost = try record(files, in: store)
            let begin = Instant()
            let known = try store.precedents(of: files, candidateLimit: 5)
            let repeated = Instant().since(begin)
            guard known.candidates.allSatisfy({ $0 == nil }) else { exit(70) }
            guard round >= 0 else { continue }
            looked.append(cost.looking)
            written.append(cost.writing)
            again.append(repeated)
        }
        let bytes = try FileManager.default.attributesOfItem(atPath: path)[.size] as? Int ?? 0
        return """
            {"documents": \(size), "look-up": \(median(looked)), "recording": \(median(written)), \
            "look-up of the same again": \(median(again)), "bytes a document": \(bytes / documents.count), \
            "seconds of filling": \(Int(filling))}
            """
    }

    /// Wall clock and processor in microseconds a document, each in the middle of all batches.
    private static func median(_ costs: [Instant.Cost]) -> String {
        func middle(_ values: [Double]) -> Int {
            Int(values.sorted()[values.count / 2] * 1e6 / Double(batch))
        }
        return
            "{\"wall\": \(middle(costs.map(\.wall))), \"processor\": \(middle(costs.map(\.used)))}"
    }

    /// Looks up what files resemble and writes them, as the daemon does.
    private static func record(
        _ files: [RecordedFile], in store: ResultDatabase
    ) throws -> (looking: Instant.Cost, writing: Instant.Cost) {
        let begin = Instant()
        let precedents = try store.precedents(of: files, candidateLimit: 5)
        let looking = Instant().since(begin)
        var files = files
        for (file, candidates) in precedents.candidates.enumerated() {
            files[file].documents[0].findings.similarities = (candidates?.first ?? []).map {
                Similarity(
                    otherDocument: $0.document, level: 3, score: 0.5,
                    evidence: ["shared_bands": Double($0.sharedBands)])
            }
        }
        let written = Instant()
        _ = try store.record(files, after: precedents.lastDocument, maker: maker, at: .now)
        return (looking, Instant().since(written))
    }

    private static let maker = ResultMaker(
        name: "invented", version: "1", sha256: "00", cleaningVersion: "documents-1",
        dictionary: "ipadic", codeVersion: "0", methods: ["entities": "heads"])
}

/// A moment by the clock and by the processor time of this process.
struct Instant {
    struct Cost {
        let wall, used: Double
    }

    private let wall = Self.seconds(CLOCK_MONOTONIC)
    private let used = Self.seconds(CLOCK_PROCESS_CPUTIME_ID)

    func since(_ other: Self) -> Cost {
        Cost(wall: wall - other.wall, used: used - other.used)
    }

    private static func seconds(_ clock: clockid_t) -> Double {
        var time = timespec()
        clock_gettime(clock, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}

/// Short nursing records of four findings: each of bands of its own but one that the whole ward shares, every
/// tenth nearly the same as one before it. The same each time.
struct InventedDocuments {
    private(set) var count: Int
    private var state: UInt64 = 7

    /// Those after so many.
    init(count: Int) { self.count = count }

    private static let names = [
        "発熱", "咳嗽", "間質性肺炎", "肺癌", "胸水貯留", "腫瘤", "疼痛", "急性腎障害", "悪寒", "浮腫", "嘔気", "便秘",
    ]
    private static let signs = "一二三四五六七八九十東西南北春夏秋冬山川海空花鳥風月朝昼夕晩左右上下前後".map(String.init)
    private static let rest = "経過観察を継続する。食事摂取は良好で睡眠も確保されている。歩行は見守りで可能であった。"

    /// The next documents, each in a file of its own.
    mutating func next(_ wanted: Int) -> [RecordedFile] { (0..<wanted).map { _ in file() } }

    private mutating func file() -> RecordedFile {
        count += 1
        let isLike = count > 10 && count.isMultiple(of: 10)
        // What a document is made of follows from its number, so that one like it can be made again.
        let original = isLike ? Int(number(below: UInt64(count - 1))) + 1 : count
        let (text, entities) = Self.contents(UInt64(original))
        var findings = Findings()
        findings.entities = entities
        findings.similarityBands = (1..<16).map {
            Self.mix(UInt64(isLike && $0 > 12 ? count : original) << 8 | $0)
        }
        findings.similarityBands.append(1)
        let document = ClinicalDocument(
            kind: .nursing, text: text, patientIdentifier: "P-\(Self.mix(UInt64(count)) % 100_000)",
            authoredAt: "2026-01-02T03:04:05Z")
        let hashes = (0..<4).map { Self.mix(UInt64(count) << 8 | $0) }
        return RecordedFile(
            sha256: hashes.map { String($0, radix: 16) }.joined(), kind: .nursing,
            sourceName: "\(count).txt", receivedAt: "2026-01-02T04:00:00.000Z",
            documents: [RecordedDocument(document, findings)])
    }

    private static func contents(_ seed: UInt64) -> (text: String, entities: [Entity]) {
        var (text, entities) = ("", [Entity]())
        var state = seed &* 0x9E37_79B9
        for _ in 0..<4 {
            for _ in 0..<8 {
                state = mix(state)
                text += signs[Int(state % UInt64(signs.count))]
            }
            let name = names[Int(mix(state) % UInt64(names.count))]
            let start = text.unicodeScalars.count
            let range = SourceRange(start: start, end: start + name.unicodeScalars.count)
            text += name + "あり。"
            entities.append(
                Entity(
                    type: .disease, span: TextSpan(range: range, surface: name), normalized: name,
                    icd10: "R509", score: 0.9))
        }
        return (text + rest, entities)
    }

    private mutating func number(below limit: UInt64) -> UInt64 {
        state = Self.mix(state)
        return state % limit
    }

    /// SplitMix64.
    private static func mix(_ value: UInt64) -> UInt64 {
        var mixed = value &+ 0x9E37_79B9_7F4A_7C15
        mixed = (mixed ^ mixed >> 30) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ mixed >> 27) &* 0x94D0_49BB_1331_11EB
        return mixed ^ mixed >> 31
    }
}

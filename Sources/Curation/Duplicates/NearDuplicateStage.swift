// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation

/// For each document that was read, the earlier one that it is nearly the same as.
struct NearDuplicates: Sendable {
    /// For each document 0, or the number of that document plus 1.
    private(set) var leaders: [UInt32]

    init(documents: Int) { leaders = [UInt32](repeating: 0, count: documents) }

    /// The earlier document, nil where there is none.
    func leader(of document: Int) -> Int? {
        leaders[document] == 0 ? nil : Int(leaders[document]) - 1
    }

    mutating func remove(_ document: Int, for leader: Int) {
        leaders[document] = UInt32(leader) + 1
    }

    /// Units of the search that are done, and the numbers; little-endian, 4 bytes each.
    func bytes(units: Int) -> [UInt8] {
        var bytes: [UInt8] = []
        bytes.reserveCapacity(4 + 4 * leaders.count)
        bytes.append(number: UInt32(units))
        for leader in leaders { bytes.append(number: leader) }
        return bytes
    }

    init(_ bytes: [UInt8], file: FilePath, documents: Int, units: inout Int) throws {
        var cursor = WorkCursor(bytes, file: file)
        units = Int(try cursor.number(UInt32.self))
        leaders = []
        leaders.reserveCapacity(documents)
        for _ in 0..<documents { leaders.append(try cursor.number(UInt32.self)) }
    }
}

/// Finds documents that are nearly the same, band by band.
///
/// Documents that meet in a band are compared by their whole signatures, in their order: a document goes if it
/// is similar enough to an earlier one of the same place that did not go before. Of a place without similar ones
/// the first documents stand for all, so that a phrase that all pages of a site have costs no more than it must.
/// Memory is bounded by `memoryBytes` and 4 bytes a document.
struct NearDuplicateStage {
    let settings: FilterSettings.NearDuplicates
    let memoryBytes: Int
    let reading: ReadingState
    let work: WorkFiles
    let progress: (Double) -> Void

    /// Documents of one place that later ones are compared with.
    private static let mostLeaders = 64
    private static let entryBytes = 16

    private struct Entry {
        let key: UInt64
        let document: UInt32
    }

    func run() throws -> NearDuplicates {
        let file = work.folder.appending("near.bin")
        guard reading.documents < Int(UInt32.max) else {
            throw CurationError.tooMany(documents: reading.documents, limit: Int(UInt32.max) - 1)
        }
        var found = NearDuplicates(documents: reading.documents)
        var done = 0
        if try DiskFiles().facts(of: file) != nil {
            found = try NearDuplicates(
                work.read(file), file: file, documents: reading.documents, units: &done)
        }
        let signatures = try SignatureFiles(reading, work, size: settings.bands * settings.rows)
        let units = units
        for (number, unit) in units.enumerated().dropFirst(done) {
            for (index, entries) in try load(unit, found).enumerated() {
                compare(entries, signatures, &found)
                progress(
                    (Double(number) + Double(index + 1) / Double(unit.bands.count))
                        / Double(units.count))
            }
            try work.write(found.bytes(units: number + 1), to: file)
        }
        return found
    }

    /// Bands, and a part of their keys, that fit into memory at once.
    private struct Unit {
        let bands: Range<Int>
        let part: Int
        let parts: Int
    }

    private var units: [Unit] {
        let band = max(1, reading.documents * Self.entryBytes)
        let parts = (band + memoryBytes - 1) / memoryBytes
        let together = max(1, min(settings.bands, memoryBytes / band))
        return stride(from: 0, to: settings.bands, by: together).flatMap { start in
            (0..<parts).map { part in
                Unit(
                    bands: start..<min(start + together, settings.bands), part: part, parts: parts)
            }
        }
    }

    private func load(_ unit: Unit, _ found: NearDuplicates) throws -> [[Entry]] {
        var entries = [[Entry]](repeating: [], count: unit.bands.count)
        var document = 0
        for (shard, count) in reading.shards.enumerated() {
            let path = work.shard(shard, .bands)
            var cursor = WorkCursor(try work.read(path), file: path)
            for _ in 0..<count {
                for band in 0..<settings.bands {
                    let key = try cursor.number(UInt64.self)
                    guard unit.bands.contains(band), key != 0,
                        Int((key >> 32) &* UInt64(unit.parts) >> 32) == unit.part,
                        found.leaders[document] == 0
                    else { continue }
                    entries[band - unit.bands.lowerBound].append(
                        Entry(key: key, document: UInt32(document)))
                }
                document += 1
            }
        }
        return entries
    }

    private func compare(
        _ unsorted: [Entry], _ signatures: SignatureFiles, _ found: inout NearDuplicates
    ) {
        let entries = unsorted.sorted { ($0.key, $0.document) < ($1.key, $1.document) }
        var start = 0
        while start < entries.count {
            var end = start + 1
            while end < entries.count, entries[end].key == entries[start].key { end += 1 }
            if end - start > 1 { compare(entries[start..<end], signatures, &found) }
            start = end
        }
    }

    private func compare(
        _ place: ArraySlice<Entry>, _ signatures: SignatureFiles, _ found: inout NearDuplicates
    ) {
        var leaders: [(document: Int, signature: [UInt32])] = []
        for entry in place {
            let document = Int(entry.document)
            guard found.leaders[document] == 0 else { continue }
            let signature = signatures[document]
            let match = leaders.first {
                MinHash.similarity($0.signature, signature) >= settings.threshold
            }
            if let match {
                found.remove(document, for: match.document)
            } else if leaders.count < Self.mostLeaders {
                leaders.append((document, signature))
            }
        }
    }
}

/// The signatures of all documents, in mapped files, of which the kernel keeps what it has room for.
struct SignatureFiles {
    private let shards: [(first: Int, content: Data)]
    private let size: Int

    init(_ reading: ReadingState, _ work: WorkFiles, size: Int) throws {
        self.size = size
        var first = 0
        var shards: [(first: Int, content: Data)] = []
        for (number, count) in reading.shards.enumerated() where count > 0 {
            let path = work.shard(number, .signatures)
            guard let name = path.text,
                let content = try? Data(contentsOf: URL(filePath: name), options: .alwaysMapped),
                content.count == 4 * size * count
            else { throw CurationError.damaged(file: path.description) }
            shards.append((first, content))
            first += count
        }
        self.shards = shards
    }

    /// The signature of a document.
    subscript(document: Int) -> [UInt32] {
        var (low, high) = (0, shards.count)
        while high - low > 1 {
            let middle = (low + high) / 2
            if shards[middle].first <= document { low = middle } else { high = middle }
        }
        let shard = shards[low]
        let start = shard.content.startIndex + 4 * size * (document - shard.first)
        let bytes = [UInt8](shard.content[start..<start + 4 * size])
        var numbers: [UInt32] = []
        numbers.reserveCapacity(size)
        for start in stride(from: 0, to: bytes.count, by: 4) {
            let low = UInt32(bytes[start]) | UInt32(bytes[start + 1]) << 8
            numbers.append(low | UInt32(bytes[start + 2]) << 16 | UInt32(bytes[start + 3]) << 24)
        }
        return numbers
    }
}

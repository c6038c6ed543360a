// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
package import Foundation
import TOMLFiles

private typealias Section = TOMLSection<CurationError>

extension CurationSettings {
    /// Reads a file of settings; names of files in it are relative to its folder.
    ///
    /// Throws ``CurationError`` naming file and key, or `FileError`.
    package init(file: URL) throws {
        let content = try DiskFiles().read(FilePath(file), maximumBytes: 1 << 20)
        guard let text = String(validating: content, as: UTF8.self) else {
            throw CurationError.settings(
                .syntax(line: 1, column: 1, reason: "not UTF-8"), file: file.path)
        }
        try self.init(
            text: text, file: file.path, folder: file.deletingLastPathComponent())
    }

    /// Reads settings from a text.
    package init(text: String, file: String, folder: URL) throws(CurationError) {
        let top = try Section(text: text, file: file)
        try top.allow(
            "name", "seed", "shard_megabytes", "memory_megabytes", "skip_malformed", "sources",
            "adult_words", "copyright", "unfinished", "near_duplicates", "sentence_duplicates")
        var sources: [CorpusSource] = []
        for section in try top.sections("sources") {
            sources.append(try CorpusSource(section, folder))
        }
        try self.init(name: top.string("name"), sources: sources)
        seed = UInt64(try top.integer("seed", in: 0...Int.max, default: 0))
        shardBytes = Int(try top.number("shard_megabytes", in: 0.01...4096, default: 64) * 0x1p20)
        memoryBytes = try top.integer("memory_megabytes", in: 16...1 << 22, default: 1024) << 20
        skipsMalformed = try top.bool("skip_malformed", default: false)
        filters = try FilterSettings(top, folder)
    }
}

extension URL {
    /// A file by its path, which is beside others in this folder unless it begins at the root.
    fileprivate func file(_ path: String) -> URL {
        path.hasPrefix("/") ? URL(filePath: path) : appending(path: path)
    }
}

extension CorpusSource {
    fileprivate init(_ section: Section, _ folder: URL) throws(CurationError) {
        try section.allow("name", "address", "licence", "format", "files")
        func words(_ key: String) throws(CurationError) -> String? {
            section.has(key) ? try section.string(key) : nil
        }
        let format: RawTextFormat? = section.has("format") ? try section.choice("format") : nil
        self.init(
            name: try section.string("name"), address: try words("address"),
            licence: try words("licence"), format: format,
            files: try section.names("files").map {
                folder.file($0).path(percentEncoded: false)
            })
    }
}

extension FilterSettings {
    fileprivate init(_ top: Section, _ folder: URL) throws(CurationError) {
        self.init()
        if let section = try top.section("adult_words") {
            adultWords = try Words(section, WordLists.adult, folder)
        }
        if let section = try top.section("copyright") {
            copyright = try Words(section, WordLists.copyright, folder)
        }
        if let section = try top.section("unfinished") {
            try section.allow("enabled", "minimum_share")
            let share = try section.number("minimum_share", in: 0...1, default: 0.5)
            finishedShare = try section.bool("enabled", default: true) ? share : nil
        }
        if let section = try top.section("near_duplicates") {
            nearDuplicates = try NearDuplicates(section)
        }
        if let section = try top.section("sentence_duplicates") {
            sentenceDuplicates = try SentenceDuplicates(section)
        }
    }
}

extension FilterSettings.Words {
    /// The words of a list, ours or a file's, with some added and some taken away; nil where it is off.
    fileprivate init?(
        _ section: Section, _ own: [String], _ folder: URL
    ) throws(CurationError) {
        try section.allow("enabled", "words_file", "add", "remove", "minimum_matches")
        var list = own
        if section.has("words_file") {
            list = try Self.list(folder.file(try section.string("words_file")))
        }
        let removed = Set(try section.strings("remove"))
        list = list.filter { !removed.contains($0) } + (try section.strings("add"))
        self.init(
            words: list,
            leastMatches: try section.integer("minimum_matches", in: 1...1000, default: 1))
        guard try section.bool("enabled", default: true) else { return nil }
    }

    private static func list(_ file: URL) throws(CurationError) -> [String] {
        let path = file.path(percentEncoded: false)
        guard let text = try? String(contentsOf: file, encoding: .utf8) else {
            throw .wordList(file: path)
        }
        let words = text.split(whereSeparator: \.isNewline)
            .map { $0.trimmingCharacters(in: .whitespaces) }
            .filter { !$0.isEmpty && !$0.hasPrefix("#") }
        guard !words.isEmpty else { throw .wordList(file: path) }
        return words
    }
}

extension FilterSettings.NearDuplicates {
    fileprivate init?(_ section: Section) throws(CurationError) {
        try section.allow("enabled", "threshold", "shingle", "bands", "rows")
        self.init()
        threshold = try section.number("threshold", in: 0.1...1, default: threshold)
        shingle = try section.integer("shingle", in: 1...64, default: shingle)
        bands = try section.integer("bands", in: 1...128, default: bands)
        rows = try section.integer("rows", in: 1...128, default: rows)
        guard try section.bool("enabled", default: true) else { return nil }
    }
}

extension FilterSettings.SentenceDuplicates {
    fileprivate init?(_ section: Section) throws(CurationError) {
        try section.allow("enabled", "minimum_characters", "minimum_rest")
        self.init()
        leastCharacters = try section.integer(
            "minimum_characters", in: 1...10_000, default: leastCharacters)
        leastRest = try section.integer("minimum_rest", in: 1...1_000_000, default: leastRest)
        guard try section.bool("enabled", default: true) else { return nil }
    }
}

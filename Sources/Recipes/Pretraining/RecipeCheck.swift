// SPDX-License-Identifier: Apache-2.0
import Corpora
import DurableFiles
import Foundation
import Training

/// What was found when a recipe's data and settings were looked at, before anything is computed.
package struct RecipeCheck {
    /// A file of text.
    package struct Source: Codable, Hashable, Sendable {
        /// Path below the data directory.
        package var file: String
        /// The licence as its authors state it.
        package var licence: String
        /// Bytes of the file.
        package var bytes: Int
        /// Its documents.
        package var documents: Int
    }

    /// What makes the run impossible: errors of the modules, each naming file and field or line.
    package var problems: [any Error] = []
    /// The text that can be read.
    package var sources: [Source] = []
    /// Rows of the tasks' data, by file.
    package var rows: [String: Int] = [:]
}

extension RecipeRun {
    /// Looks at all data, at what is there from an earlier run, and at the room for what will come.
    ///
    /// Nothing is changed; another process may use the directory. An export needs neither labelled rows
    /// nor room for checkpoints, and goes on from none.
    package func check(forExport isExport: Bool = false) -> RecipeCheck {
        var found = RecipeCheck()
        var digests: [ContentDigest] = []
        var problems: [any Error] = []
        for source in recipe.sources {
            problems += faults {
                let (facts, digest) = try look(at: source)
                found.sources.append(facts)
                digests.append(digest)
            }
        }
        problems += faults { _ = try corpusManifest() }
        problems += faults { try checkLearnedText(found) }
        problems += faults { try checkDictionary(write: false) }
        if isExport {
            if problems.isEmpty { problems += faults(checkTokenizer) }
            found.problems = problems
            return found
        }
        for source in HeadFitting.labelled(HeadRecipe(recipe)) {
            problems += faults { found.rows[source.file] = try rows(of: source) }
        }
        for file in recipe.headSources.own {
            problems += faults { found.rows[file.file] = try file.read(below: data).count }
        }
        problems += faults(checkHeads)
        // What is there already is compared only with data that can be read.
        if problems.isEmpty {
            problems += faults {
                try checkTokenizer()
                try checkEarlierRun(digests)
            }
        }
        problems += faults(checkRoom)
        found.problems = problems
        return found
    }

    /// What a look throws, if it does.
    private func faults(_ look: () throws -> Void) -> [any Error] {
        do {
            try look()
            return []
        } catch {
            return [error]
        }
    }

    private func look(at source: TextSource) throws -> (RecipeCheck.Source, ContentDigest) {
        let content = try content(source)
        let text = try SourceText(content, file: source.file)
        return (
            RecipeCheck.Source(
                file: source.file, licence: source.licence, bytes: content.count,
                documents: text.count), ContentDigest(of: content)
        )
    }

    /// There must be text, and enough of it to hold some out.
    private func checkLearnedText(_ found: RecipeCheck) throws {
        guard !recipe.sources.isEmpty else { throw RecipeError.noDocuments(file: "data.sources") }
        let documents = found.sources.reduce(0) { $0 + $1.documents }
        if let share = recipe.validation?.share, !found.sources.isEmpty,
            Double(documents) * share < 1
        {
            throw RecipeError.badValue(
                file: recipe.name, key: "validation.share",
                expected: "enough to hold out one of \(documents) documents")
        }
    }

    /// Reads the rows of a file of labelled data; nil for a dictionary, which has none.
    private func rows(of source: HeadFitting.LabelledSource) throws -> Int? {
        let file = data.appending(path: source.file)
        // Opening says why a file cannot be read, which the rows' reader does not.
        let content = try DiskFiles().read(FilePath(file), maximumBytes: SourceText.byteLimit)
        guard !content.isEmpty else { throw RecipeError.noDocuments(file: source.file) }
        return source.file.hasSuffix(".jsonl") ? try BenchmarkRow.read(file).count : nil
    }

    /// Heads learn from words, which a published tokenizer does not read.
    private func checkHeads() throws {
        guard recipe.heads.values.contains(true), try !makesBundle else { return }
        throw RecipeError.badValue(
            file: recipe.name, key: "heads",
            expected:
                "left out for a published model: import the trunk with `model import` and fit "
                + "heads with `train heads --trunk`")
    }

    /// The tokenizer, where it is known before the run.
    private func tokenizerOfEarlierRun() throws -> RunTokenizer? {
        if let start { return try start.runTokenizer() }
        guard try DiskFiles().facts(of: FilePath(tokenizerFile)) != nil else { return nil }
        return try RunTokenizer(file: tokenizerFile)
    }

    /// Compares a checkpoint that is there with this run.
    private func checkEarlierRun(_ contents: [ContentDigest]) throws {
        guard let tokenizer = try tokenizerOfEarlierRun() else { return }
        for phase in recipe.phases where phase.objective == .maskedNext {
            guard tokenizer.id(of: phase.maskToken) != nil else {
                throw RecipeError.badValue(
                    file: recipe.name, key: "pretraining.phases.\(phase.name).mask_token",
                    expected: "a piece of the tokenizer")
            }
        }
        let identity = try identity(
            trainedConfiguration(tokenizer),
            sources: contents.map { tokensDigest($0, tokenizer) })
        let folder = work.appending(path: "checkpoints")
        if let (file, fields) = try CheckpointFolder.difference(at: folder, from: identity),
            !fields.isEmpty
        {
            throw TrainingError.otherRun(file: file, fields: fields)
        }
    }

    /// Makes sure that the file system has room for the checkpoints, unless some are there already.
    private func checkRoom() throws {
        var folder = FilePath(output)
        while try DiskFiles().facts(of: folder) == nil, folder.parent != folder {
            folder = folder.parent
        }
        let checkpoints = FilePath(work.appending(path: "checkpoints"))
        guard try DiskFiles().facts(of: checkpoints) == nil else { return }
        let needed =
            (recipe.checkpoints.keep + 2)
            * CheckpointFolder.bytes(parameters: recipe.model.parameterCount)
        let free = Int(clamping: try DiskFiles().freeBytes(at: folder))
        guard needed <= free else {
            throw TrainingError.noSpace(
                directory: FilePath(output).description, needed: needed, free: free)
        }
    }
}

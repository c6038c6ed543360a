// SPDX-License-Identifier: Apache-2.0
import Foundation
package import JSONFiles

/// `shoken.json`: what a bundle can do, what it was made from, and what it scored.
package struct BundleManifest: Codable, Hashable, Sendable {
    /// How a task is answered.
    package enum Method: String, Codable, Hashable, Sendable {
        /// Linear layers over hashed n-grams, measured features and the trunk's hidden states.
        case heads
        /// Written rules with evidence; a head serves as second opinion.
        case rules
        /// The labels that a published model's own head gives to tokens.
        case tagger
        /// Linear layers and the trunk's own head, whose probabilities are averaged.
        case headsAndTagger = "heads+tagger"
        /// A model that follows instructions, whose answer is bound to a schema and to the document.
        case instruct
    }

    /// One task of the bundle.
    package struct Task: Codable, Hashable, Sendable {
        /// How it is answered.
        package let method: Method
        /// What the task itself stores: labels, thresholds, versions of its features.
        package let settings: JSONValue

        /// A task.
        package init(method: Method, settings: JSONValue) {
            self.method = method
            self.settings = settings
        }
    }

    /// A source of training data with its licence.
    package struct Source: Codable, Hashable, Sendable {
        /// Name of the corpus or dictionary.
        package let name: String
        /// Its licence (SPDX identifier where there is one).
        package let licence: String
        /// What it served for: `pretraining`, `tokenizer`, or a task's name.
        package let usedFor: [String]
        /// How many rows or documents were used.
        package let rows: Int

        /// A source.
        package init(name: String, licence: String, usedFor: [String], rows: Int) {
            self.name = name
            self.licence = licence
            self.usedFor = usedFor
            self.rows = rows
        }
    }

    /// The corpus of raw texts that a trunk of our own learnt from.
    package struct Corpus: Codable, Hashable, Sendable {
        /// The corpus's manifest, a file of the bundle.
        package let file: String
        /// Its sources of which address or licence is not known, and which of them.
        package let undisclosed: [String]

        /// A corpus.
        package init(file: String, undisclosed: [String]) {
            (self.file, self.undisclosed) = (file, undisclosed)
        }
    }

    /// How the text is prepared before the model sees it.
    package struct Cleaning: Codable, Hashable, Sendable {
        /// Profile of the cleaner, `documents` or `training`.
        package let profile: String
        /// Version of its rules; documents are cleaned by the same one.
        package let version: Int

        /// A preparation.
        package init(profile: String, version: Int) {
            self.profile = profile
            self.version = version
        }
    }

    /// A published model that serves as the bundle's trunk, with its tokenizer; files as published.
    package struct Trunk: Codable, Hashable, Sendable {
        /// Whether a token sees those after it.
        package enum Kind: String, Codable, Hashable, Sendable {
            /// It sees all tokens.
            case encoder
            /// It sees those before it.
            case decoder
        }

        /// The MeCab dictionaries that the tokenizer itself cuts words with.
        package struct Dictionaries: Codable, Hashable, Sendable {
            /// Directory of the system dictionary at import.
            package var directory: String
            /// Digest of the system dictionary's files (`SystemDictionary.digest`).
            package var sha256: String
            /// The user dictionary's file in the bundle; nil for none.
            package var userDictionary: String?
        }

        /// Encoder or decoder.
        package var kind: Kind
        /// `model_type` of its configuration.
        package var architecture: String
        /// The GGUF file that holds it; nil for `config.json` and safetensors.
        package var gguf: String?
        /// The longest text that is read at once, in tokens, special ones included.
        package var context: Int
        /// The tokenizer's file.
        package var tokenizer: String
        /// Tokens that the tokenizer knows.
        package var tokenizerSize: Int
        /// What cuts words before the tokenizer does; nil where it takes text.
        package var dictionaries: Dictionaries?
        /// Whether the tokenizer gets MeCab's words, as one that Shoken trains does; nil for no.
        package var readsWords: Bool?
        /// Tokens that belong before a text.
        package var tokensBefore: [Int32]
        /// Tokens that belong after a text.
        package var tokensAfter: [Int32]
    }

    /// Where a trunk of our own was trained, if not here.
    package struct Origin: Codable, Hashable, Sendable {
        /// The recipe whose rows it learnt from; nil where no file said it.
        package var recipe: String?
        /// SHA-256 of the recipe's text.
        package var recipeSHA256: String?

        /// An origin.
        package init(recipe: String?, recipeSHA256: String?) {
            (self.recipe, self.recipeSHA256) = (recipe, recipeSHA256)
        }
    }

    /// Version of this format that the program reads and writes.
    package static let currentFormat = 1

    /// Version of the format of this file.
    package var format: Int
    /// Name of the bundle, that of its folder.
    package var name: String
    /// Version of the bundle.
    package var version: String
    /// When it was made (ISO 8601).
    package var createdAt: String
    /// Version of the program that made it.
    package var codeVersion: String
    /// Preparation of the text.
    package var cleaning: Cleaning
    /// MeCab dictionaries that the words came from: `ipadic`, or `ipadic + sha256:DIGITS` with a user
    /// dictionary.
    package var dictionary: String
    /// The published model that serves as trunk; nil for a trunk of our own.
    package var trunk: Trunk?
    /// The model beside the trunk that follows instructions; nil for none.
    package var instruct: Instruct?
    /// Where a trunk of our own was trained, if it was imported; nil for one that was trained here.
    package var origin: Origin?
    /// Tasks by name.
    package var tasks: [String: Task]
    /// What makes probabilities of the tasks' scores; nil for scores as they are. Older programs pass it over.
    package var calibration: JSONValue?
    /// Data that it was made from.
    package var sources: [Source]
    /// The corpus of its raw texts; nil where no manifest told of it.
    package var corpus: Corpus?
    /// Licence of the bundle as a whole, with what it forbids.
    package var licence: String
    /// Measured scores, as the commands printed them.
    package var scores: JSONValue
    /// SHA-256 of every other file of the bundle, by file name.
    package var files: [String: String]

    /// A manifest; `files` is filled in when the bundle is written.
    package init(
        name: String, version: String, createdAt: String, codeVersion: String,
        cleaning: Cleaning, dictionary: String, trunk: Trunk? = nil, origin: Origin? = nil,
        tasks: [String: Task], sources: [Source], licence: String, scores: JSONValue
    ) {
        format = Self.currentFormat
        self.name = name
        self.version = version
        self.createdAt = createdAt
        self.codeVersion = codeVersion
        self.cleaning = cleaning
        self.dictionary = dictionary
        self.trunk = trunk
        self.origin = origin
        self.tasks = tasks
        self.sources = sources
        corpus = nil
        self.licence = licence
        self.scores = scores
        files = [:]
    }
}

extension BundleManifest {
    /// What stands for a licence that nobody told.
    private static let unknownLicences: Set = ["undisclosed", "not stated", "unknown"]

    /// The sources that are not disclosed in full, with what is lacking.
    package var undisclosed: [String] {
        sources.filter { Self.unknownLicences.contains($0.licence.lowercased()) }
            .map { "\($0.name) (no licence)" } + (corpus?.undisclosed ?? [])
    }
}

extension BundleManifest {
    private static let userDictionaryMark = " + sha256:"

    /// The text for `dictionary` of IPADIC and a user dictionary of that SHA-256; nil is none.
    package static func dictionary(user digest: String?) -> String {
        "ipadic" + (digest.map { userDictionaryMark + $0 } ?? "")
    }

    /// SHA-256 of the user dictionary that the words were cut with; nil for none.
    package var userDictionary: String? {
        guard let mark = dictionary.range(of: Self.userDictionaryMark) else { return nil }
        return String(dictionary[mark.upperBound...])
    }
}

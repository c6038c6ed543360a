// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Foundation
import JSONFiles

/// What a request of a batch file is known by: the task, the question and the text, without anything that names a
/// document or a patient.
package struct BatchIdentifier: Hashable, Sendable {
    /// What was asked.
    package let task: BatchTask
    /// Of the question, 16 digits of its SHA-256.
    package let prompt: String
    /// Of the text, 32 digits of its SHA-256.
    package let text: String

    /// The identifier of a text that is asked a question.
    package init(_ task: BatchTask, prompt: String, text: String) {
        self.task = task
        self.prompt = Self.digest(prompt, 16)
        self.text = Self.digest(ofText: text)
    }

    /// The identifier of a text by its digest, and a question by its own.
    init(task: BatchTask, prompt: String, textDigest: String) {
        (self.task, self.prompt, text) = (task, prompt, textDigest)
    }

    /// The digest of a text, as identifiers have it.
    static func digest(ofText text: String) -> String { digest(text, 32) }

    /// Takes one apart; nil for one that is not of ours.
    package init?(_ identifier: String) {
        let parts = identifier.split(separator: "-", omittingEmptySubsequences: false)
        guard parts.count == 4, parts[0] == "shoken",
            let task = BatchTask(rawValue: String(parts[1])),
            Self.isDigest(parts[2], 16), Self.isDigest(parts[3], 32)
        else { return nil }
        (self.task, prompt, text) = (task, String(parts[2]), String(parts[3]))
    }

    /// As it stands in a batch file.
    package var customID: String { "shoken-\(task.rawValue)-\(prompt)-\(text)" }

    private static func digest(_ text: String, _ digits: Int) -> String {
        String(ContentDigest(of: Data(text.utf8)).hexadecimal.prefix(digits))
    }

    private static func isDigest(_ text: Substring, _ digits: Int) -> Bool {
        text.utf8.count == digits
            && text.utf8.allSatisfy { (0x30...0x39).contains($0) || (0x61...0x66).contains($0) }
    }
}

/// The lines of a batch file, one a text, however many documents have it.
package struct BatchRequests {
    private let task: BatchTask
    private let prompt: String
    private let model: String
    private let longestAnswer: Int
    private var seen: Set<BatchIdentifier> = []

    /// How many lines there are so far.
    package var count: Int { seen.count }

    /// Requests that ask a model a question; an answer may have so many tokens.
    package init(_ task: BatchTask, prompt: String, model: String, longestAnswer: Int) {
        (self.task, self.prompt, self.model) = (task, prompt, model)
        self.longestAnswer = longestAnswer
    }

    /// The line of a text with its line feed; nil for one that was asked already, or says nothing.
    package mutating func line(_ text: String) -> String? {
        let identifier = BatchIdentifier(task, prompt: prompt, text: text)
        guard text.contains(where: { !$0.isWhitespace }), seen.insert(identifier).inserted else {
            return nil
        }
        let request: JSONValue = [
            "custom_id": .string(identifier.customID), "method": "POST",
            "url": "/v1/chat/completions",
            "body": [
                "model": .string(model),
                "messages": [
                    ["role": "system", "content": .string(prompt)],
                    ["role": "user", "content": .string(text)],
                ],
                "temperature": 0, "max_tokens": .integer(longestAnswer),
                "response_format": [
                    "type": "json_schema",
                    "json_schema": [
                        "name": .string(task.rawValue), "strict": true, "schema": task.schema,
                    ],
                ],
            ],
        ]
        return request.text + "\n"
    }
}

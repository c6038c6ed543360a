// SPDX-License-Identifier: Apache-2.0

/// The look at the first documents of a model that has taken the place of another: whether it fails more often, or is
/// slower, than is borne.
package struct CanaryWatch: Hashable, Sendable {
    /// What is borne.
    package struct Limits: Hashable, Sendable {
        /// So many documents are looked at; 0 for none.
        package var documents = 0
        /// The share of them that the model may fail to read.
        package var failureShare = 0.05
        /// How many times the time of the former model it may take for the same length.
        package var slowdown = 5.0

        /// Nobody looks.
        package init() {}
    }

    /// Documents and how long they took.
    struct Pace: Hashable, Sendable {
        var documents = 0
        var characters = 0
        var seconds = 0.0

        /// Seconds a character; nil for so few that it says nothing. Each document counts as some characters more, so
        /// that notes of a few words after long reports are not taken for a slow model.
        var rate: Double? {
            documents >= CanaryWatch.fewest && characters > 0 && seconds > 0
                ? seconds / Double(characters + documents * CanaryWatch.charactersOfStart) : nil
        }

        /// The same with documents more.
        mutating func add(documents: Int, characters: Int, seconds: Double) {
            self.documents += documents
            self.characters += characters
            self.seconds += seconds
        }
    }

    /// The fewest documents whose time counts.
    static let fewest = 16
    /// What a document costs before its first character, in characters.
    static let charactersOfStart = 300
    /// The fewest failures that count: one document may be at fault itself.
    static let fewestFailures = 3

    private let limits: Limits
    /// The pace of the model before.
    let former: Pace
    private var pace = Pace()
    private var failures = 0

    /// A look at a model that takes the place of one of this pace.
    init(_ limits: Limits, former: Pace) { (self.limits, self.former) = (limits, former) }

    /// Whether it goes on.
    var isOn: Bool { pace.documents + failures < limits.documents }

    /// Notes documents that were read; why the model should go, nil where nothing speaks against it.
    mutating func read(documents: Int, characters: Int, seconds: Double) -> String? {
        guard isOn else { return nil }
        pace.add(documents: documents, characters: characters, seconds: seconds)
        guard let rate = pace.rate, let before = former.rate, rate > before * limits.slowdown
        else { return nil }
        let times = (rate / before * 10).rounded() / 10
        return
            "it takes \(times) times the time of the model before, over \(pace.documents) documents"
    }

    /// Notes a document that the model could not read; why the model should go, nil where that is borne.
    mutating func fail() -> String? {
        guard isOn else { return nil }
        failures += 1
        let all = failures + pace.documents
        guard failures >= Self.fewestFailures,
            Double(failures) > limits.failureShare * Double(all)
        else { return nil }
        return "it could not read \(failures) of \(all) documents"
    }
}

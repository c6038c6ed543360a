// SPDX-License-Identifier: Apache-2.0
import DurableFiles
import Faults
package import Foundation
package import ResultStore
import Synchronization

/// One reviewer at the page: what each address gives, and what becomes of each action.
///
/// It knows nothing of sockets. Texts of documents leave it in bodies alone, never in addresses, headers or
/// errors.
package final class ReviewSession: Sendable {
    /// What the first part of every path must be.
    package let key: ReviewKey
    private let database: ResultDatabase
    private let file: URL
    private let reviewer: String
    private let queue: ReviewQueue
    private let seesOthers: Bool
    private let recorded = Mutex(0)
    private let lastRequest = Mutex(ContinuousClock.now)

    /// A session of a reviewer on a database, which stands at `file`; the reviewer sees what others did only if `seesOthers`.
    package init(
        _ database: ResultDatabase, file: URL, reviewer: String, queue: ReviewQueue,
        seesOthers: Bool,
        key: ReviewKey = ReviewKey()
    ) {
        self.database = database
        self.file = file
        self.reviewer = reviewer
        self.queue = queue
        self.seesOthers = seesOthers
        self.key = key
    }

    /// How many actions were recorded.
    package var actions: Int { recorded.withLock { $0 } }

    /// How long no request that knew the key has come.
    package var idleTime: Duration { ContinuousClock.now - lastRequest.withLock { $0 } }

    /// Answers a request; whatever does not know the key gets nothing but 404.
    package func respond(to request: PageRequest) -> PageResponse {
        guard request.isForLoopback else {
            return .refusal(421, "this page is for this machine alone")
        }
        let parts = request.path.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count >= 2, parts[0].isEmpty, key.matches(parts[1]) else { return .notFound }
        lastRequest.withLock { $0 = .now }
        guard !request.isForeign else {
            return .refusal(403, "the request comes from another page")
        }
        guard let place = Place(parts.dropFirst(2)) else { return .notFound }
        do {
            switch (request.method, place) {
            case ("GET", .keyAlone):
                return PageResponse(status: 308, location: "/\(key.digits)/")
            case ("GET", .page): return page(request.language)
            case ("GET", .style): return file(PackageResources.page_css, "text/css")
            case ("GET", .script): return file(PackageResources.page_js, "text/javascript")
            case ("GET", .queue): return try .json(try listing())
            case ("GET", .agreement):
                guard seesOthers else {
                    return .refusal(403, "reviewers are blind to each other (--no-blind)")
                }
                return try .json(try shares())
            case ("GET", .document(let row)): return try .json(try document(row))
            case ("POST", .document(let row)): return try act(request, on: row)
            default: return .refusal(405, "this is not done here")
            }
        } catch {
            return refusal(of: error)
        }
    }

    /// What stands behind the key in a path.
    private enum Place {
        case keyAlone, page, style, script, queue, agreement
        case document(Int64)

        init?(_ parts: ArraySlice<Substring>) {
            switch parts.joined(separator: "/") {
            case "": self = parts.isEmpty ? .keyAlone : .page
            case "page.css": self = .style
            case "page.js": self = .script
            case "queue": self = .queue
            case "agreement": self = .agreement
            default:
                guard parts.count == 2, parts.first == "documents",
                    let row = parts.last.flatMap({ Int64($0) })
                else { return nil }
                self = .document(row)
            }
        }
    }

    /// What the table of agreement shows.
    private struct Shares: Encodable {
        let agreement: ReviewAgreement
        /// Day, mentions that were judged on it, and the share of accepted ones.
        let days: [[ResultValue]]
        /// Document, type, model, reviewer and verdict of mentions that were not accepted.
        let cases: [[ResultValue]]
    }

    private func shares() throws -> Shares {
        let reader = try ResultReader(file: file)
        return Shares(
            agreement: try ReviewAgreement(of: FilePath(file)),
            days: try reader.select(
                """
                SELECT substr(reviewed_at, 1, 10), count(*), avg(verdict = 'accept')
                FROM review_verdicts GROUP BY 1 ORDER BY 1 DESC LIMIT 60
                """
            ).rows,
            cases: try reader.select(
                """
                SELECT document_id, type, model || ' ' || model_version, reviewer, verdict
                FROM review_verdicts WHERE verdict <> 'accept' ORDER BY review_id DESC LIMIT 200
                """
            ).rows)
    }

    /// What the list shows.
    private struct Listing: Encodable {
        let reviewer: String
        let blind: Bool
        let order: String
        let documents: [QueuedDocument]
    }

    private func listing() throws -> Listing {
        Listing(
            reviewer: reviewer, blind: !seesOthers, order: queue.order.rawValue,
            documents: try database.documents(of: queue, for: reviewer))
    }

    private func document(_ row: Int64) throws -> DocumentUnderReview {
        try database.documentUnderReview(row, by: reviewer, seesOthers: seesOthers)
    }

    private func act(_ request: PageRequest, on row: Int64) throws -> PageResponse {
        guard request.contentType?.lowercased().hasPrefix("application/json") == true else {
            return .refusal(415, "an action is JSON")
        }
        guard let body = request.body, body.count <= PageRequest.bodyLimit else {
            return .refusal(413, "an action has at most \(PageRequest.bodyLimit) bytes")
        }
        guard let requested = try? JSONDecoder().decode(RequestedAction.self, from: body),
            let action = requested.reviewAction
        else { return .refusal(400, "this is no action") }
        _ = try database.record(
            action, of: row, by: reviewer, note: requested.note, seesOthers: seesOthers)
        recorded.withLock { $0 += 1 }
        return try .json(try document(row))
    }

    /// The page, in Japanese unless the browser wants another language first.
    private func page(_ language: String?) -> PageResponse {
        let first = language?.split(separator: ",").first.map { $0.lowercased() } ?? "ja"
        let isJapanese = first.hasPrefix("ja") || first.hasPrefix("*")
        let text = String(decoding: PackageResources.page_html, as: UTF8.self)
            .replacing("<html lang=\"ja\">", with: "<html lang=\"\(isJapanese ? "ja" : "en")\">")
        return PageResponse(
            status: 200, contentType: "text/html; charset=utf-8", body: Data(text.utf8))
    }

    private func file(_ content: [UInt8], _ type: String) -> PageResponse {
        PageResponse(status: 200, contentType: "\(type); charset=utf-8", body: Data(content))
    }

    private func refusal(of error: any Error) -> PageResponse {
        let found: any Explained
        if case .store(let error)? = error as? ReviewError {
            found = error
        } else {
            found = explained(error)
        }
        let status =
            switch found {
            case ReviewError.noDocument: 404
            case ReviewError.unjudged, ReviewError.nothingToUndo: 409
            case is ReviewError: 422
            default: 503
            }
        return .refusal(status, found.explanation)
    }
}

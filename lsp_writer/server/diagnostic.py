"""textDocument/diagnostic and publishDiagnostics: findings marked in the text, pulled or pushed as the client can."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types

from lsp_writer.server.convert import range_of

if TYPE_CHECKING:
    from lsp_writer.prose.manuscript import Manuscript
    from lsp_writer.server.session import Session

OPTIONS = types.DiagnosticOptions(inter_file_dependencies=False, workspace_diagnostics=False, identifier="lsp-writer")

_SEVERITIES = {"hints": types.DiagnosticSeverity.Hint, "information": types.DiagnosticSeverity.Information}


async def diagnostic(session: Session, params: types.DocumentDiagnosticParams) -> types.DocumentDiagnosticReport:
    manuscript = session.documents.find(params.text_document.uri)
    if manuscript is None:
        return types.RelatedFullDocumentDiagnosticReport(items=[])
    state = str(session.margins.state(manuscript.uri))
    if params.previous_result_id == state:
        # Editors move marks with their text by themselves, and some ask at every key.
        return types.RelatedUnchangedDocumentDiagnosticReport(result_id=state)
    return types.RelatedFullDocumentDiagnosticReport(items=_diagnostics(session, manuscript), result_id=state)


def tell_findings(session: Session, uri: str) -> None:
    """There is more, or less, to be marked in the document."""
    if session.client.pulls_diagnostics:
        session.server.workspace_diagnostic_refresh(None)
    elif manuscript := session.documents.find(uri):
        _publish(session, uri, _diagnostics(session, manuscript))


def tell_of_change(session: Session, before: Manuscript, after: Manuscript) -> None:
    """The writer may have said in the text what they do not want to hear of. A client that pulls does so anyway."""
    from lsp_writer.features.critiques.wanted import said

    if said(before) != said(after):
        session.margins.retell(after.uri)
        if not session.client.pulls_diagnostics:
            tell_findings(session, after.uri)


def tell_all_findings(session: Session) -> None:
    """Other findings are to be marked than before."""
    for manuscript in session.documents:
        session.margins.retell(manuscript.uri)
        if not session.client.pulls_diagnostics:
            tell_findings(session, manuscript.uri)
    if session.client.pulls_diagnostics:
        session.server.workspace_diagnostic_refresh(None)


def clear_findings(session: Session, uri: str) -> None:
    """Nothing is to be marked in a document that is closed."""
    if not session.client.pulls_diagnostics:
        _publish(session, uri, [])


def _publish(session: Session, uri: str, diagnostics: list[types.Diagnostic]) -> None:
    session.server.text_document_publish_diagnostics(types.PublishDiagnosticsParams(uri, diagnostics))


def _diagnostics(session: Session, manuscript: Manuscript) -> list[types.Diagnostic]:
    from lsp_writer.features.critiques.finding import CERTAIN
    from lsp_writer.features.critiques.wanted import wanted

    show = session.settings.diagnostics
    severity = _SEVERITIES.get(show.show)
    if severity is None:
        return []
    known = session.margins.known(manuscript.uri)
    found = (finding for finding in (*known.quick, *known.others) if show.kinds == "all" or finding.kind in CERTAIN)
    return [
        types.Diagnostic(
            range=range_of(manuscript.text, finding.span, session.client.encoding),
            message=f"{finding.reason} {finding.suggestion}",
            severity=severity,
            code=finding.kind,
            source="lsp-writer",
        )
        for finding in sorted(wanted(found, manuscript, session.wishes(manuscript)), key=lambda finding: finding.span)
    ]

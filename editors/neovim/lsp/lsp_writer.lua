-- What `vim.lsp.enable('lsp_writer')` starts. Change any of it with `vim.lsp.config('lsp_writer', { … })`.
return {
  cmd = { 'lsp-writer', '--stdio' },
  filetypes = { 'markdown', 'text' },
  root_markers = { '.git' },
  -- Neovim 0.11 does not know the method, so it does not announce it.
  capabilities = { textDocument = { inlineCompletion = { dynamicRegistration = true } } },
  handlers = {
    ['lspWriter/status'] = function(_, status)
      require('lsp_writer').on_status(status)
    end,
  },
}

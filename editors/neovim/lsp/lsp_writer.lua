-- What `vim.lsp.enable('lsp_writer')` starts. Change any of it with `vim.lsp.config('lsp_writer', { … })`.
return {
  cmd = { 'lsp-writer', '--stdio' },
  filetypes = { 'markdown', 'text' },
  root_markers = { '.git' },
  -- Neovim 0.11 does not know the method, so it does not announce it.
  capabilities = { textDocument = { inlineCompletion = { dynamicRegistration = true } } },
  -- What this plugin can do: it asks again for ghost text that has grown, and shows rewrites before they are put in.
  init_options = { lspWriter = { refreshes = true, revisions = true } },
  before_init = function()
    require('lsp_writer.life').on_start()
  end,
  on_exit = function(...)
    require('lsp_writer.life').on_exit(...)
  end,
  handlers = {
    ['lspWriter/status'] = function(_, status)
      require('lsp_writer').on_status(status)
    end,
    ['lspWriter/revision'] = function(_, revision, context)
      require('lsp_writer.preview').told(assert(vim.lsp.get_client_by_id(context.client_id)), revision)
    end,
    ['lspWriter/suggestionGrown'] = function(_, grown)
      require('lsp_writer').on_grown(grown)
    end,
  },
}

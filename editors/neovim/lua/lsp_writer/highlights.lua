local M = {}

---Colours that a colour scheme, or the writer, may change.
local function define()
  -- Not a link to Comment, which has no colour of its own in a terminal without true colour.
  local grey = vim.o.background == 'light' and 'NvimDarkGrey4' or 'NvimLightGrey4'
  vim.api.nvim_set_hl(0, 'LspWriterGhostText', { fg = grey, ctermfg = 8, italic = true, default = true })
  vim.api.nvim_set_hl(0, 'LspWriterAdded', { link = 'DiffAdd', default = true })
  vim.api.nvim_set_hl(0, 'LspWriterCut', { link = 'DiffDelete', default = true })
  vim.api.nvim_set_hl(0, 'LspWriterLeftOut', { link = 'DiffChange', default = true })
end

---Define them now, and again for every colour scheme.
function M.define()
  define()
  vim.api.nvim_create_autocmd('ColorScheme', {
    group = vim.api.nvim_create_augroup('lsp_writer.highlights', {}),
    callback = define,
  })
end

return M

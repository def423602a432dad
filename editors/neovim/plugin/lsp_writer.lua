if vim.g.loaded_lsp_writer then
  return
end
vim.g.loaded_lsp_writer = true

-- The command line as it was last entered, from which a command tells a selection from a range of lines.
local entered = ''

vim.api.nvim_create_user_command('LspWriter', function(options)
  require('lsp_writer.commands').run(options, entered)
end, {
  nargs = '+',
  range = true,
  desc = 'Rewrites and suggestions by the writer’s language server',
  complete = function(_, line)
    return require('lsp_writer.commands').complete(line)
  end,
})

local acts = { 'accept', 'accept-word', 'accept-sentence', 'next', 'previous', 'dismiss', 'ask' }
for _, act in ipairs(acts) do
  vim.keymap.set('i', ('<Plug>(lsp-writer-%s)'):format(act), function()
    require('lsp_writer').act((act:gsub('-', '_')))
  end)
end

local group = vim.api.nvim_create_augroup('lsp_writer', {})

vim.api.nvim_create_autocmd('CmdlineLeave', {
  group = group,
  pattern = ':',
  callback = function()
    entered = vim.fn.getcmdline()
  end,
})

-- Neovim passes over a server that it cannot find without a word.
vim.api.nvim_create_autocmd('FileType', {
  group = group,
  callback = function(event)
    if not vim.lsp.is_enabled('lsp_writer') or vim.bo[event.buf].buftype ~= '' then
      return
    end
    local config = vim.lsp.config.lsp_writer or {}
    local program = type(config.cmd) == 'table' and config.cmd[1]
    if program and vim.list_contains(config.filetypes or {}, event.match) then
      if vim.fn.executable(program) == 0 then
        local message = ('Writer: `%s` is missing. See `:checkhealth lsp_writer`.'):format(program)
        vim.notify(message, vim.log.levels.WARN)
      end
      return true -- removes this autocommand
    end
  end,
})

vim.api.nvim_create_autocmd('LspAttach', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer').attach(client, event.buf)
    end
  end,
})

vim.api.nvim_create_autocmd('LspProgress', {
  group = group,
  callback = function(event)
    local client = vim.lsp.get_client_by_id(event.data.client_id)
    if client and client.name == 'lsp_writer' then
      require('lsp_writer.commands').on_progress(event.data.params)
    end
  end,
})

<?php
// The short form of echo in a template.

namespace Doorstep;

defined( 'ABSPATH' ) || exit;

$doorstep_name = get_bloginfo( 'name' );
?>
<p class="doorstep"><?= $doorstep_name ?></p>
